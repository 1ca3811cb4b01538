// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

/** One header or trailer line; every character stands for one byte (ISO 8859-1). */
public record Field(String name, String value) {

    @Override
    public String toString() {
        return name + ": " + value;
    }
}

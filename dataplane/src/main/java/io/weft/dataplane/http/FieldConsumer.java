// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

/** Takes header fields one by one, as text; each character stands for one byte. */
@FunctionalInterface
public interface FieldConsumer {
    void field(String name, String value);
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.problem;

/**
 * A place in a document.
 *
 * @param file the document's name as its owner knows it, relative to the policy's root
 * @param line 1-based; 0 when the place within the document is not known
 * @param column 1-based, counted in code points; 0 when not known
 */
public record Position(String file, int line, int column) {

    public static Position of(String file) {
        return new Position(file, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}

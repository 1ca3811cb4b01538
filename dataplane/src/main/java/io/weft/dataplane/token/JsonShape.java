// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

/**
 * Looks over JSON before a parser sees it: parsers recurse into what is nested, and some take time
 * that grows with the square of a number's length.
 */
final class JsonShape {

    private static final int DEEPEST = 16;
    private static final int LONGEST_NUMBER = 32;

    private JsonShape() {}

    static boolean isModest(byte[] json) {
        int depth = 0;
        int number = 0;
        for (int at = 0; at < json.length; at++) {
            byte b = json[at];
            number = isOfNumber(b) ? number + 1 : 0;
            if (b == '"') {
                at = endOfText(json, at);
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            }
            if (depth > DEEPEST || number > LONGEST_NUMBER) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfNumber(byte b) {
        return b >= '0' && b <= '9' || b == '.' || b == '+' || b == '-' || b == 'e' || b == 'E';
    }

    private static int endOfText(byte[] json, int start) {
        int at = start + 1;
        while (at < json.length && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return at;
    }
}

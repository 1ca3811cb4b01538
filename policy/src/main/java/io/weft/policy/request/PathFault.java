// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

/** Why a path is refused: it is malformed, or could mean different things to different readers. */
public enum PathFault {
    NOT_ABSOLUTE("the path does not start with a slash"),
    BAD_CHARACTER("the path has a character that must be percent-encoded"),
    BAD_ESCAPE("the path has a percent sign without two hexadecimal digits"),
    AMBIGUOUS_ESCAPE("the path has an encoded slash, backslash, semicolon or NUL"),
    AMBIGUOUS_CHARACTER("the path has a backslash or semicolon"),
    NOT_UTF8("the path has percent-encoded bytes that are not UTF-8"),
    ABOVE_ROOT("the path leaves the root"),
    TOO_MANY_SEGMENTS("the path has too many segments");

    private final String description;

    PathFault(String description) {
        this.description = description;
    }

    public String description() {
        return description;
    }
}

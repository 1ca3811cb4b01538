// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.regex;

import java.util.List;

/** The parts of a regular expression over ASCII. */
sealed interface Syntax {

    /** Nothing, which always matches. */
    record Empty() implements Syntax {}

    record Chars(CharSet set) implements Syntax {}

    record Sequence(List<Syntax> parts) implements Syntax {}

    record Alternatives(List<Syntax> parts) implements Syntax {}

    /**
     * @param most -1 for no limit
     */
    record Repeat(Syntax part, int least, int most) implements Syntax {}

    /** The begin of the path. */
    record Begin() implements Syntax {}

    /** The end of the path. */
    record End() implements Syntax {}
}

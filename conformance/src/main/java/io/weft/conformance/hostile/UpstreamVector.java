// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a broken upstream answers.
 *
 * @param method of the request that it answers
 * @param sends its bytes, one character for each
 * @param body what the client must get if it gets an answer
 * @param sound whether nothing is wrong, so that its connection may be used again
 * @param lacks fields that must not get through
 */
record UpstreamVector(
        String id,
        String note,
        String method,
        String sends,
        Then then,
        Outcome expected,
        Optional<String> body,
        boolean sound,
        List<String> lacks) {

    /** What happens to the connection after the bytes. */
    enum Then {
        KEEP,
        CLOSE,
        RESET;

        static Then of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * What the client may see.
     *
     * @param status of the upstream's answer, if that may get through
     * @param badGateway whether a 502 is right
     * @param cut whether an answer that breaks off is right
     */
    record Outcome(Optional<Integer> status, boolean badGateway, boolean cut) {

        /** Reads {@code bad-gateway}, {@code broken}, {@code 204}, {@code 204 or bad-gateway}. */
        static Outcome parse(String words) {
            boolean broken = words.endsWith("broken");
            boolean badGateway = broken || words.endsWith("bad-gateway");
            Optional<Integer> status =
                    Character.isDigit(words.charAt(0))
                            ? Optional.of(Integer.valueOf(words.substring(0, 3)))
                            : Optional.empty();
            return new Outcome(status, badGateway, broken);
        }
    }
}

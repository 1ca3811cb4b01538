// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * Some of all requests.
 *
 * @param millionths 0 to 1,000,000
 */
public record Share(int millionths) {

    public static final String SYNTAX = "a percentage from 0 to 100, such as 10 or 0.1";

    private static final int ALL_MILLIONTHS = 1_000_000;
    private static final int DECIMALS = 4;
    private static final Pattern PERCENT = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.[0-9]{1,4})?");

    /** Every request. */
    public static final Share ALL = new Share(ALL_MILLIONTHS);

    public Share {
        if (millionths < 0 || millionths > ALL_MILLIONTHS) {
            throw new IllegalArgumentException(
                    "share: " + millionths + " (expected: 0-" + ALL_MILLIONTHS + " millionths)");
        }
    }

    /**
     * Reads a percentage as a policy writes it.
     *
     * @throws IllegalArgumentException when the text is none
     */
    public static Share percent(String text) {
        if (!PERCENT.matcher(text).matches()) {
            throw new IllegalArgumentException("share: " + text + " (expected: " + SYNTAX + ")");
        }
        return new Share(new BigDecimal(text).movePointRight(DECIMALS).intValueExact());
    }

    /**
     * Whether a request is one of them.
     *
     * @param random uniformly distributed over all integers, one for each request
     */
    public boolean takes(int random) {
        return (Integer.toUnsignedLong(random) * ALL_MILLIONTHS >>> Integer.SIZE) < millionths;
    }

    /** As a policy writes it, in percent. */
    @Override
    public String toString() {
        return BigDecimal.valueOf(millionths, DECIMALS).stripTrailingZeros().toPlainString();
    }
}

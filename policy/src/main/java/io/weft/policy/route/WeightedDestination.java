// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

/**
 * A destination with its share.
 *
 * @param weight 0 to 1,000,000, relative to the sum of the rule's weights
 * @param requestHeaders edits for requests that go here, after those of the rule
 * @param responseHeaders edits for their responses, after those of the rule
 * @param rewrite of requests that go here, instead of the rule's
 */
public record WeightedDestination(
        Destination destination,
        int weight,
        HeaderEdits requestHeaders,
        HeaderEdits responseHeaders,
        Rewrite rewrite) {

    public static final int MAX_WEIGHT = 1_000_000;

    /** With nothing changed. */
    public WeightedDestination(Destination destination, int weight) {
        this(destination, weight, HeaderEdits.NONE, HeaderEdits.NONE, Rewrite.NONE);
    }

    public WeightedDestination {
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight: " + weight + " (expected: 0-" + MAX_WEIGHT + ")");
        }
    }
}

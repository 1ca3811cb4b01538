// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's attempt to sign in, kept by their own browser until they come back from the issuer:
 * whoever begins and leaves costs the gateway no memory.
 *
 * @param state what the issuer gives back
 * @param nonce what the ID token has to answer
 * @param verifier of the code challenge (RFC 7636)
 * @param begun when it began
 * @param to where the person was going
 */
record Attempt(String state, String nonce, String verifier, Instant begun, LocalPath to) {

    private static final Duration LIFE = Duration.ofMinutes(10);

    /** So many attempts of one browser, in tabs of its own, do not disturb each other. */
    private static final int SLOTS = 8;

    private static final int PARTS = 5;

    boolean isOver(Instant now) {
        return now.isAfter(begun.plus(LIFE));
    }

    /** Which of a browser's cookies keeps it. */
    int slot() {
        return slotOf(state);
    }

    static int slotOf(String state) {
        return Math.floorMod(state.hashCode(), SLOTS);
    }

    String toText() {
        return String.join(
                "\n", state, nonce, verifier, Long.toString(begun.getEpochSecond()), to.text());
    }

    static @Nullable Attempt of(String text) {
        String[] parts = text.split("\n", PARTS);
        if (parts.length < PARTS) {
            return null;
        }
        return new Attempt(
                parts[0],
                parts[1],
                parts[2],
                Instant.ofEpochSecond(Long.parseLong(parts[3])),
                LocalPath.orRoot(parts[4]));
    }

    /** Says nothing that is secret. */
    @Override
    public String toString() {
        return "Attempt[to " + to + "]";
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The whole corpus at random, a third of it by clients that leave in the middle. */
final class Storm {

    private final List<Vector> vectors;
    private final Random random;

    /** The same seed gives the same storm. */
    Storm(List<Vector> vectors, long seed) {
        this.vectors = vectors;
        this.random = new Random(seed);
    }

    void rage(InetSocketAddress proxy, int requests) throws InterruptedException {
        List<Vector> chosen = new ArrayList<>();
        while (chosen.size() < requests) {
            chosen.addAll(vectors);
        }
        Collections.shuffle(chosen, random);
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            numbers.add(i);
        }
        Crowd.each(numbers, i -> strike(proxy, chosen.get(i), i));
    }

    private static boolean strike(InetSocketAddress proxy, Vector vector, int number) {
        return switch (number % 6) {
            case 0 -> leave(proxy, vector, number, true);
            case 1 -> leave(proxy, vector, number, false);
            default -> new Attempt(vector, new Delivery.Whole()).run(proxy).status() > 0;
        };
    }

    private static boolean leave(
            InetSocketAddress proxy, Vector vector, int number, boolean abruptly) {
        byte[] bytes = Wire.bytes(vector.input());
        try (RawClient client = RawClient.connect(proxy)) {
            client.write(Arrays.copyOf(bytes, number % bytes.length));
            if (abruptly) {
                client.reset();
            }
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

import io.weft.conformance.raw.Wire;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.LongFunction;

/**
 * What a load client sends.
 *
 * @param target where it connects to
 * @param rate requests started per second
 * @param connections how many requests may be outstanding, each on a connection of its own
 * @param timeout how long an answer may take from the intended start
 * @param requests the bytes of the request with this number, from 0; never HEAD or CONNECT
 */
public record LoadPlan(
        InetSocketAddress target,
        double rate,
        int connections,
        Duration timeout,
        LongFunction<byte[]> requests) {

    private static final int CONNECTIONS = 256;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    public LoadPlan {
        if (!(rate > 0 && rate <= 100_000)) {
            throw new IllegalArgumentException(
                    "rate: " + rate + " (expected: above 0, at most 100000 per second)");
        }
        if (connections < 1) {
            throw new IllegalArgumentException(
                    "connections: " + connections + " (expected: at least 1)");
        }
    }

    /** GET of one path with these fields, Host among them; 256 connections, 5 s timeout. */
    public static LoadPlan get(
            InetSocketAddress target, double rate, String path, String... fieldLines) {
        StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\n");
        for (String line : fieldLines) {
            head.append(line).append("\r\n");
        }
        byte[] request = Wire.bytes(head.append("\r\n").toString());
        return new LoadPlan(target, rate, CONNECTIONS, TIMEOUT, _ -> request);
    }

    public LoadPlan withConnections(int connections) {
        return new LoadPlan(target, rate, connections, timeout, requests);
    }

    public LoadPlan withTimeout(Duration timeout) {
        return new LoadPlan(target, rate, connections, timeout, requests);
    }

    public LoadPlan withRequests(LongFunction<byte[]> requests) {
        return new LoadPlan(target, rate, connections, timeout, requests);
    }

    /** When the request with this number starts, in nanoseconds after the first one. */
    long startOf(long number) {
        return (long) (number * 1e9 / rate);
    }
}

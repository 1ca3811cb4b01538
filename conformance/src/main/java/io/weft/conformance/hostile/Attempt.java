// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/** One request sent one way over a connection of its own, and what its client saw. */
final class Attempt {

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration PATIENCE_WITH_END = Duration.ofSeconds(3);

    private final Vector vector;
    private final Delivery delivery;
    private final String canary = Canary.newPath();

    Attempt(Vector vector, Delivery delivery) {
        this.vector = vector;
        this.delivery = delivery;
    }

    Verdict run(InetSocketAddress proxy) {
        try (RawClient client = RawClient.connect(proxy).patience(PATIENCE)) {
            // Written beside the reading: the answer may come before all of it is taken.
            Thread writer = Thread.ofVirtual().start(() -> write(client));
            Verdict verdict = verdict(client);
            writer.join();
            return verdict;
        } catch (IOException e) {
            return Verdict.trouble("no verdict: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Verdict.trouble("interrupted");
        }
    }

    private void write(RawClient client) {
        try {
            delivery.write(client, Wire.bytes(vector.input()), Wire.bytes(Canary.request(canary)));
        } catch (IOException _) {
            // A proxy that has refused need not read the rest; the reading side judges.
        }
    }

    private Verdict verdict(RawClient client) throws IOException {
        RawResponse response = client.readResponse(vector.method());
        boolean forwarded = response.header("X-Upstream").isPresent();
        boolean error = !forwarded && response.status() >= 400;
        Optional<String> objection =
                error && !vector.method().equals("HEAD")
                        ? Problem.objection(response)
                        : Optional.empty();
        return objection.isPresent()
                ? new Verdict(response.status(), forwarded, false, objection)
                : new Verdict(
                        response.status(), forwarded, ended(client, response), Optional.empty());
    }

    private boolean ended(RawClient client, RawResponse response) throws IOException {
        if (!response.head().keepsConnection()) {
            awaitEnd(client);
            return true;
        }
        if (!(delivery instanceof Delivery.Followed)) {
            client.write(Canary.request(canary));
        }
        RawResponse next = client.readResponse("GET");
        if (!Canary.answers(next, canary)) {
            throw new IOException("the next request on the connection got " + next);
        }
        return false;
    }

    private static void awaitEnd(RawClient client) throws IOException {
        try {
            client.patience(PATIENCE_WITH_END).awaitEnd();
        } catch (SocketTimeoutException _) {
            throw new IOException("the connection did not end");
        }
    }
}

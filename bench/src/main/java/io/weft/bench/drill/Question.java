// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request, on a connection of its own, as a service's proxy or as the edge takes it.
 *
 * @param token shown as a bearer, if any
 * @param apiKey shown beside it, if any
 */
record Question(
        InetSocketAddress to,
        String host,
        String path,
        @Nullable String token,
        @Nullable String apiKey) {

    private static final int PATIENCE_MILLIS = 5_000;

    Question(InetSocketAddress to, String host, String path, @Nullable String token) {
        this(to, host, path, token, null);
    }

    /** What was answered; status 0 and the reason where nothing was. */
    record Reply(int status, String text) {
        @Override
        public String toString() {
            return status == 0 ? text : Integer.toString(status);
        }
    }

    Question with(String other) {
        return new Question(to, host, path, other, apiKey);
    }

    Question withKey(String key) {
        return new Question(to, host, path, token, key);
    }

    Reply ask() {
        try (var socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(to, PATIENCE_MILLIS);
            socket.getOutputStream().write(head().getBytes(StandardCharsets.US_ASCII));
            String text =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return text.startsWith("HTTP/1.1 ")
                    ? new Reply(Integer.parseInt(text.substring(9, 12)), text)
                    : new Reply(0, "no answer");
        } catch (IOException e) {
            return new Reply(0, String.valueOf(e.getMessage()));
        }
    }

    private String head() {
        String authorization = token == null ? "" : "Authorization: Bearer " + token + "\r\n";
        String key = apiKey == null ? "" : "X-Api-Key: " + apiKey + "\r\n";
        return "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s%s\r\n"
                .formatted(path, host, authorization, key);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Commands an auth service with the credential that lies in its state directory.
 *
 * @param auth address of the operator API
 * @param credential file with the operator's token
 */
record Operator(URI auth, Path credential) {

    static Operator of(Stack stack) {
        return new Operator(stack.auth(), stack.authState().resolve("operator.token"));
    }

    /** Gives a command; the answer's body. */
    String post(String path) throws IOException {
        return ask("POST", path, "");
    }

    String post(String path, String json) throws IOException {
        return ask("POST", path, json);
    }

    String get(String path) throws IOException {
        return ask("GET", path, "");
    }

    void delete(String path) throws IOException {
        ask("DELETE", path, "");
    }

    private String ask(String method, String path, String json) throws IOException {
        var connection = (HttpURLConnection) auth.resolve(path).toURL().openConnection();
        connection.setConnectTimeout(1_000);
        connection.setReadTimeout(10_000);
        connection.setRequestMethod(method);
        connection.setRequestProperty(
                "Authorization", "Bearer " + Files.readString(credential).strip());
        if (!json.isEmpty()) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
        }
        try (var in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            connection.disconnect();
        }
    }
}

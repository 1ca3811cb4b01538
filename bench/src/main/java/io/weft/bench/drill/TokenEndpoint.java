// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where clients get tokens.
 *
 * @param auth address of the auth service
 */
record TokenEndpoint(URI auth) {

    private static final Pattern ACCESS_TOKEN =
            Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"");

    /** A token for a client that acts for itself. */
    String clientCredentials(String client, Path secretFile) throws IOException {
        String secret = Files.readString(secretFile).strip();
        var connection = (HttpURLConnection) auth.resolve("/oauth2/token").toURL().openConnection();
        connection.setConnectTimeout(1_000);
        connection.setReadTimeout(10_000);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Authorization", "Basic " + basic(client, secret));
        connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
        connection
                .getOutputStream()
                .write("grant_type=client_credentials".getBytes(StandardCharsets.US_ASCII));
        try (var in = connection.getInputStream()) {
            Matcher token =
                    ACCESS_TOKEN.matcher(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            if (!token.find()) {
                throw new IOException("no token in the answer of " + auth);
            }
            return token.group(1);
        } finally {
            connection.disconnect();
        }
    }

    private static String basic(String client, String secret) {
        return Base64.getEncoder()
                .encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }
}

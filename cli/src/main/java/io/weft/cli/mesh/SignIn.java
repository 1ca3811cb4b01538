// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What gateway and auth service have to know of each other for people to sign in. The issuer is a
 * name, which the shop's policy has too, and stays when the port moves.
 *
 * @param edge port of the gateway
 * @param auth port of the auth service
 * @param secrets directory of what nobody else may read
 */
record SignIn(int edge, int auth, Path secrets) {

    static final String ISSUER = "http://localhost:9000";
    private static final String GATEWAY = "weft.gateway.sign-in.";
    private static final String CLIENT = "weft.auth.demo.gateway.";

    /** Settings of the gateway. */
    Map<String, String> gateway() throws IOException {
        return Map.of(
                GATEWAY + "issuer",
                ISSUER,
                GATEWAY + "address",
                "http://localhost:" + auth,
                GATEWAY + "back-channel",
                "http://127.0.0.1:" + auth,
                GATEWAY + "base",
                base(),
                GATEWAY + "scopes",
                "profile,orders.read,orders.write",
                GATEWAY + "client-secret-file",
                secret().toString());
    }

    /** Settings of the auth service: people to try things with, and the gateway as a client. */
    Map<String, String> authService() throws IOException {
        return Map.of(
                "spring.profiles.active",
                "demo",
                "weft.auth.issuer",
                ISSUER,
                CLIENT + "redirect-uris",
                base() + "/login/oauth2/code/weft",
                CLIENT + "post-logout-redirect-uris",
                base() + "/",
                CLIENT + "back-channel-logout-uri",
                "http://127.0.0.1:" + edge + "/logout/connect/back-channel/weft",
                CLIENT + "secret-file",
                secret().toString());
    }

    private String base() {
        return "http://localhost:" + edge;
    }

    private Path secret() throws IOException {
        Path file = secrets.resolve("gateway-client");
        if (!Files.exists(file)) {
            PrivateFiles.create(file);
            Files.writeString(file, PrivateFiles.secret() + "\n");
        }
        return file;
    }
}

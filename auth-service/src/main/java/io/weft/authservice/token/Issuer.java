// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.token;

import java.net.URI;

/**
 * Who issues: the logical URL in {@code iss}, whatever address this server is reached at.
 *
 * @param uri http or https with a host, without query, fragment and trailing slash
 */
public record Issuer(URI uri) {

    public Issuer {
        boolean isWeb = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!isWeb
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.toString().endsWith("/")) {
            throw new IllegalArgumentException(
                    "issuer: "
                            + uri
                            + " (expected: http or https URL without query, fragment and trailing"
                            + " slash)");
        }
    }

    /** Reads a setting. */
    public static Issuer of(String text) {
        return new Issuer(URI.create(text));
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}

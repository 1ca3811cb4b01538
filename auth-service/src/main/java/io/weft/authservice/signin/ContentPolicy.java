// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.signin;

import java.net.URI;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a page may load and where its forms may lead. Browsers hold {@code form-action} against
 * redirects too, so a form that ends at a client has to name that client.
 */
public final class ContentPolicy {

    public static final String HEADER = "Content-Security-Policy";

    /** For every page whose forms stay here. */
    public static final String DEFAULT = leadingTo(Set.of());

    private ContentPolicy() {}

    /** For a page whose form ends at one of these redirect URIs. */
    public static String leadingTo(Collection<String> redirectUris) {
        var sources = new TreeSet<String>();
        redirectUris.forEach(each -> sources.add(source(URI.create(each))));
        return "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
                + " frame-ancestors 'none'; form-action 'self'"
                + (sources.isEmpty() ? "" : " " + String.join(" ", sources));
    }

    /** A native application picks its port when it asks, so on a loopback address any will do. */
    private static String source(URI uri) {
        String host = uri.getHost();
        if (host == null) {
            return uri.getScheme() + ":";
        }
        boolean isAnyPort = uri.getPort() < 0 && Loopback.isLiteral(host);
        return uri.getScheme()
                + "://"
                + host
                + (isAnyPort ? ":*" : uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }
}

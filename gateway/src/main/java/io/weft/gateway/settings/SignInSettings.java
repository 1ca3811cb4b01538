// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.settings;

import io.weft.dataplane.settings.Ranges;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How people sign in with a browser: by OpenID Connect, at this issuer.
 *
 * @param issuer the issuer's name, to the letter; people can sign in when it is set
 * @param address where browsers reach the issuer, when not by its name
 * @param backChannel where the gateway reaches the issuer, when not where browsers do
 * @param clientId the gateway's name as a client of the issuer
 * @param clientSecretFile file with the gateway's secret as a client of the issuer
 * @param base where browsers reach the gateway, such as https://shop.example; the redirect URI is
 *     /login/oauth2/code/weft below it
 * @param scopes what tokens are asked for, besides openid
 * @param idle how long a session lasts without a request
 * @param atMost how long a session lasts
 */
public record SignInSettings(
        @Nullable URI issuer,
        @Nullable URI address,
        @Nullable URI backChannel,
        @DefaultValue("gateway") String clientId,
        @Nullable Path clientSecretFile,
        @Nullable URI base,
        @DefaultValue("profile") Set<String> scopes,
        @DefaultValue("1h") Duration idle,
        @DefaultValue("12h") Duration atMost) {

    private static final Duration SHORTEST = Duration.ofMinutes(1);

    public SignInSettings {
        issuer = web("issuer", issuer);
        address = bare(address == null ? issuer : web("address", address));
        backChannel = backChannel == null ? address : bare(web("back-channel", backChannel));
        if (clientSecretFile == null || !Files.isReadable(clientSecretFile)) {
            throw refused("client-secret-file", clientSecretFile, "a file that can be read");
        }
        base = origin(base);
        scopes = withOpenId(scopes);
        Ranges.time("idle", idle, SHORTEST);
        Ranges.time("at-most", atMost, SHORTEST);
    }

    /** Where browsers reach the issuer. */
    public URI front() {
        return Objects.requireNonNull(address);
    }

    /** Where the gateway reaches the issuer. */
    public URI back() {
        return Objects.requireNonNull(backChannel);
    }

    /** The issuer's name. */
    public String iss() {
        return Objects.requireNonNull(issuer).toString();
    }

    /** What its addresses begin with in its metadata. */
    public String prefix() {
        return bare(Objects.requireNonNull(issuer)) + "/";
    }

    /** The origin under which browsers know the gateway, without a slash at its end. */
    public String origin() {
        return Objects.requireNonNull(base).toString();
    }

    public Path secretFile() {
        return Objects.requireNonNull(clientSecretFile);
    }

    private static Set<String> withOpenId(Set<String> scopes) {
        var all = new TreeSet<>(scopes);
        all.add("openid");
        return Collections.unmodifiableSet(all);
    }

    private static URI web(String key, @Nullable URI value) {
        boolean right =
                value != null
                        && ("http".equals(value.getScheme()) || "https".equals(value.getScheme()))
                        && value.getHost() != null
                        && value.getRawUserInfo() == null
                        && value.getRawQuery() == null
                        && value.getRawFragment() == null;
        if (value == null || !right) {
            throw refused(key, value, "a URL such as https://id.shop.example");
        }
        return value;
    }

    /** Without a slash at its end, so that paths can follow. */
    private static URI bare(URI web) {
        String text = web.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : web;
    }

    private static URI origin(@Nullable URI value) {
        URI web = bare(web("base", value));
        if (!web.getRawPath().isEmpty()) {
            throw refused("base", value, "a URL without a path");
        }
        return web;
    }

    private static IllegalArgumentException refused(
            String key, @Nullable Object value, String expected) {
        return new IllegalArgumentException(
                key + ": " + (value == null ? "none" : value) + " (expected: " + expected + ")");
    }
}

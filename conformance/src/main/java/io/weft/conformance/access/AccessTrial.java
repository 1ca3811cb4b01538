// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;

/**
 * Sends the requests of the table over sockets. A verdict is what comes of it: the service's own
 * answer, 403, or 401 with a challenge.
 */
public final class AccessTrial {

    /** The field by which every answer of the services is known. */
    private static final String REACHED = "x-upstream";

    private final AccessTable table;

    public AccessTrial(AccessTable table) {
        this.table = table;
    }

    /** Waits until a request that is let in for its token is let in. */
    public void awaitKeys(AccessCase signedIn, String host, RawClient client) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> send(signedIn, host, client).status() == signedIn.status());
    }

    /**
     * Asks one case.
     *
     * @param host that the request names
     * @param client connected to whatever decides
     */
    public void ask(AccessCase asked, String host, RawClient client) throws IOException {
        RawResponse response = send(asked, host, client);

        assertThat(response.status()).as("status").isEqualTo(asked.status());
        assertThat(response.header(REACHED).isPresent())
                .as("reached the service")
                .isEqualTo(asked.status() == 200);
        assertThat(response.header("www-authenticate").isPresent())
                .as("asked to sign in")
                .isEqualTo(asked.status() == 401);
        if (asked.status() == 200) {
            assertThat(Wire.text(response.body())).satisfies(echo -> assertShows(asked, echo));
        }
    }

    /** The service learns from the proxies alone who the user is. */
    private static void assertShows(AccessCase asked, String echo) {
        if (!asked.key().isEmpty()) {
            assertThat(echo).contains("x-weft-client: " + asked.key());
        }
        switch (asked.id()) {
            case "D-106" -> assertThat(echo).contains("x-user: ada\"", "x-roles: admin,boss\"");
            case "D-107" ->
                    assertThat(echo).contains("x-user: a%2Cb%3B%20c%C3%A9%25%0D%0Ax-user:%20eve");
            default -> {}
        }
        if (!asked.service().equals("reports.finance") && !asked.service().equals("storefront")) {
            assertThat(echo).doesNotContain("mallory");
        }
    }

    private RawResponse send(AccessCase asked, String host, RawClient client) throws IOException {
        var request = new StringBuilder(asked.method() + " " + asked.path() + " HTTP/1.1\r\n");
        field(request, "Host", host);
        asked.headers().forEach(each -> field(request, each.getKey(), each.getValue()));
        table.authorization(asked, Instant.now())
                .ifPresent(value -> field(request, "Authorization", value));
        table.keys(asked).forEach(value -> field(request, "X-Api-Key", value));
        field(request, "X-User", "mallory");
        field(request, "x_roles", "mallory");
        field(request, "X-Weft-Client", "mallory");
        field(request, "Content-Length", "0");
        return client.exchange(request.append("\r\n").toString());
    }

    private static void field(StringBuilder request, String name, String value) {
        request.append(name).append(": ").append(value).append("\r\n");
    }
}

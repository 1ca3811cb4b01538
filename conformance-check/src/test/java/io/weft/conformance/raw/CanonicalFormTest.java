// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalFormTest {

    @Test
    void findsNothingWrongWithAPlainRequest() {
        assertThat(departures("/a/b%2Bc/%252e%C3%A9?x=%2f;y", "Accept: */*", "X_Custom: 1"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//a",
                "/a//b",
                "/a/../b",
                "/a/.",
                "/..",
                "/a%2fb",
                "/a%5Cb",
                "/a%00",
                "/a;b",
                "/a\\b",
                "/%61",
                "/%2e%2e/a",
                "/a%7E",
                "/%30",
                "http://a.test/",
                "*",
                "/a#b"
            })
    void reportsTargetsThatAreNotNormal(String target) {
        assertThat(departures(target)).containsExactly("target " + target);
    }

    @ParameterizedTest
    @CsvSource({
        "Connection, close",
        "Keep-Alive, x",
        "TE, trailers",
        "Upgrade, h2c",
        "HTTP2-Settings, AA",
        "Transfer_Encoding, chunked",
        "X_Forwarded-For, 127.0.0.1",
        "Content-Length, 05"
    })
    void reportsFieldsThatMustNotPass(String name, String value) {
        assertThat(departures("/", name + ": " + value)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a, b", "u@a", "a/x", "a:80:80", "[::1", "a b"})
    void reportsHostsThatAreNone(String host) {
        assertThat(CanonicalForm.departures(head("/", List.of(new Field("Host", host)))))
                .containsExactly("Host: " + host);
    }

    @Test
    void reportsMissingAndSecondHost() {
        assertThat(CanonicalForm.departures(head("/", List.of()))).containsExactly("0 Host fields");
        assertThat(departures("/", "Host: a.test")).containsExactly("2 Host fields");
    }

    @Test
    void reportsTrailersThatMustComeBefore() {
        Fields trailers =
                new Fields(List.of(new Field("Authorization", "x"), new Field("X-Sum", "1")));
        assertThat(CanonicalForm.trailerDepartures(trailers))
                .containsExactly("trailer field Authorization: x");
    }

    private static List<String> departures(String target, String... lines) {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("Host", "a.test:8080"));
        for (String line : lines) {
            int colon = line.indexOf(':');
            fields.add(new Field(line.substring(0, colon), line.substring(colon + 2)));
        }
        return CanonicalForm.departures(head(target, fields));
    }

    private static RequestHead head(String target, List<Field> fields) {
        return new RequestHead("GET", target, "HTTP/1.1", new Fields(fields));
    }
}

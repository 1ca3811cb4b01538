// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Keeps the cookies of one host, and does nothing that it was not told. */
final class TestBrowser {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI base;
    final Map<String, String> cookies = new TreeMap<>();

    TestBrowser(URI base) {
        this.base = base;
    }

    /** As when somebody types an address. */
    HttpResponse<String> open(String path) throws IOException, InterruptedException {
        return send("GET", path, "accept", "text/html,*/*;q=0.8", "sec-fetch-mode", "navigate");
    }

    HttpResponse<String> follow(HttpResponse<?> redirect) throws IOException, InterruptedException {
        return open(location(redirect));
    }

    static String location(HttpResponse<?> redirect) {
        return redirect.headers().firstValue("location").orElse("");
    }

    HttpResponse<String> send(String method, String path, String... fields)
            throws IOException, InterruptedException {
        URI uri = base.resolve(path);
        var request =
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(20))
                        .method(method, BodyPublishers.noBody());
        boolean here = uri.getAuthority().equals(base.getAuthority());
        if (here && !cookies.isEmpty()) {
            request.header(
                    "cookie",
                    cookies.entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .collect(Collectors.joining("; ")));
        }
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
        if (here) {
            response.headers().allValues("set-cookie").forEach(this::keep);
        }
        return response;
    }

    private void keep(String line) {
        String pair = line.substring(0, line.indexOf(';'));
        String name = pair.substring(0, pair.indexOf('='));
        String value = pair.substring(pair.indexOf('=') + 1);
        if (value.isEmpty()) {
            cookies.remove(name);
        } else {
            cookies.put(name, value);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

import io.weft.conformance.raw.Wire;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The command line of the load client, read. */
record LoadCommand(LoadPlan plan, Duration duration, HeaderCounts counts) {

    static final String USAGE =
            """
            usage: LoadClient URL [options]
              --rate N          requests started per second (500)
              --for SECONDS     how long (10)
              --connections N   most requests outstanding (256)
              --timeout SECONDS for one answer, from its intended start (5)
              --method NAME     (GET)
              --header 'N: V'   repeatable
              --body TEXT       with its Content-Length
              --count NAME      count the values of this response header""";

    /**
     * @throws IllegalArgumentException for words that mean nothing
     */
    static LoadCommand parse(String... words) {
        if (words.length == 0 || words.length % 2 == 0) {
            throw new IllegalArgumentException(
                    "words: " + words.length + " (expected: URL, then pairs)");
        }
        URI url = URI.create(words[0]);
        double rate = 500;
        double seconds = 10;
        double timeout = 5;
        int connections = 256;
        String method = "GET";
        String body = "";
        String count = "";
        List<String> fields = new ArrayList<>();
        for (int i = 1; i < words.length; i += 2) {
            String value = words[i + 1];
            switch (words[i]) {
                case "--rate" -> rate = Double.parseDouble(value);
                case "--for" -> seconds = Double.parseDouble(value);
                case "--connections" -> connections = Integer.parseInt(value);
                case "--timeout" -> timeout = Double.parseDouble(value);
                case "--method" -> method = value;
                case "--header" -> fields.add(value);
                case "--body" -> body = value;
                case "--count" -> count = value;
                default -> throw new IllegalArgumentException("option: " + words[i]);
            }
        }
        byte[] request = Wire.bytes(request(method, url, fields, body));
        InetSocketAddress target =
                new InetSocketAddress(url.getHost(), url.getPort() < 0 ? 80 : url.getPort());
        return new LoadCommand(
                new LoadPlan(target, rate, connections, seconds(timeout), _ -> request),
                seconds(seconds),
                new HeaderCounts(count));
    }

    private static String request(String method, URI url, List<String> fields, String body) {
        List<String> lines = new ArrayList<>();
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        lines.add(method + " " + path + query + " HTTP/1.1");
        if (fields.stream().noneMatch(field -> field.regionMatches(true, 0, "Host:", 0, 5))) {
            lines.add("Host: " + url.getRawAuthority());
        }
        lines.addAll(fields);
        if (!body.isEmpty()) {
            lines.add("Content-Length: " + body.length());
        }
        return Wire.head(lines.toArray(String[]::new)) + body;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A request given in words, for explanations, dry runs and tests: the same view that the proxies
 * make from what they receive.
 */
public final class PlainRequest implements RequestView {

    private static final int MAX_PORT = 65_535;

    private final byte[] bytes;
    private final int methodEnd;
    private final int hostEnd;
    private final int port;
    private final int pathEnd;
    private final int queryEnd;
    private final List<Field> fields;

    private PlainRequest(
            byte[] bytes,
            int methodEnd,
            int hostEnd,
            int port,
            int pathEnd,
            int queryEnd,
            List<Field> fields) {
        this.bytes = bytes;
        this.methodEnd = methodEnd;
        this.hostEnd = hostEnd;
        this.port = port;
        this.pathEnd = pathEnd;
        this.queryEnd = queryEnd;
        this.fields = List.copyOf(fields);
    }

    /**
     * @param host with or without the port that is asked for
     * @param target path and query
     * @throws IllegalArgumentException when the path is refused, or the port is none
     */
    public static Builder of(String method, String host, String target) {
        return new Builder(method, host, target);
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int methodStart() {
        return 0;
    }

    @Override
    public int methodEnd() {
        return methodEnd;
    }

    @Override
    public int hostStart() {
        return methodEnd;
    }

    @Override
    public int hostEnd() {
        return hostEnd;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int pathStart() {
        return hostEnd;
    }

    @Override
    public int pathEnd() {
        return pathEnd;
    }

    /** The path in normal form. */
    public String path() {
        return new String(bytes, hostEnd, pathEnd - hostEnd, StandardCharsets.US_ASCII);
    }

    @Override
    public int queryStart() {
        return pathEnd;
    }

    @Override
    public int queryEnd() {
        return queryEnd;
    }

    @Override
    public int header(HeaderName name, int from) {
        for (int i = from; i < fields.size(); i++) {
            if (fields.get(i).name.equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int valueStart(int header) {
        return fields.get(header).start;
    }

    @Override
    public int valueEnd(int header) {
        return fields.get(header).end;
    }

    private record Field(HeaderName name, int start, int end) {}

    /** Collects the header fields. */
    public static final class Builder {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int methodEnd;
        private final int hostEnd;
        private final int port;
        private final int pathEnd;
        private final int queryEnd;
        private final List<Field> fields = new ArrayList<>();

        private Builder(String method, String host, String target) {
            methodEnd = append(method);
            String name = withoutPort(host);
            hostEnd = append(name.toLowerCase(Locale.ROOT));
            port = name.equals(host) ? DEFAULT_PORT : port(host.substring(name.length() + 1));
            int question = target.indexOf('?');
            pathEnd = append(normalPath(question < 0 ? target : target.substring(0, question)));
            queryEnd = append(question < 0 ? "" : target.substring(question + 1));
        }

        /** Adds a field; one name may be added several times. */
        public Builder header(String name, String value) {
            int start = bytes.size();
            fields.add(new Field(HeaderName.of(name), start, append(value)));
            return this;
        }

        public PlainRequest build() {
            return new PlainRequest(
                    bytes.toByteArray(), methodEnd, hostEnd, port, pathEnd, queryEnd, fields);
        }

        private int append(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            return bytes.size();
        }

        private static String withoutPort(String host) {
            int colon = host.lastIndexOf(':');
            return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        }

        private static int port(String digits) {
            int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
            if (port < 1 || port > MAX_PORT) {
                throw new IllegalArgumentException(
                        "port: " + digits + " (expected: 1-" + MAX_PORT + ")");
            }
            return port;
        }

        private static String normalPath(String path) {
            byte[] from = path.getBytes(StandardCharsets.UTF_8);
            byte[] to = new byte[from.length];
            int end = PathNormalizer.normalize(from, 0, from.length, to, 0);
            if (end < 0) {
                PathFault fault = PathNormalizer.failure(end);
                throw new IllegalArgumentException("path: " + path + ": " + fault.description());
            }
            PathNormalizer.upperCaseEscapes(to, 0, end, to, 0);
            return new String(to, 0, end, StandardCharsets.US_ASCII);
        }
    }
}

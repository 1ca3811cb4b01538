// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.supervise;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Asks an address once, past any proxy that may be set. */
public final class Probe {

    private static final int MILLIS = 2000;
    private static final int ENOUGH = 64 * 1024;

    private Probe() {}

    /** What came back. */
    public sealed interface Answer {

        /** Whether it is a 200. */
        default boolean good() {
            return this instanceof Status status && status.code() == 200;
        }

        /**
         * An answer over HTTP.
         *
         * @param body as text; not all of it if it is long
         */
        record Status(int code, String body) implements Answer {
            @Override
            public String toString() {
                return "it answers " + code;
            }
        }

        /** No answer, and why. */
        record None(String why) implements Answer {
            @Override
            public String toString() {
                return "no answer: " + why;
            }
        }
    }

    public static Answer ask(URI address) {
        try {
            HttpURLConnection http =
                    (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
            http.setConnectTimeout(MILLIS);
            http.setReadTimeout(MILLIS);
            http.setRequestProperty("Connection", "close");
            try {
                return new Answer.Status(http.getResponseCode(), body(http));
            } finally {
                http.disconnect();
            }
        } catch (IOException e) {
            return new Answer.None(String.valueOf(e.getMessage()));
        }
    }

    private static String body(HttpURLConnection http) throws IOException {
        boolean good = http.getResponseCode() < 400;
        try (InputStream in = good ? http.getInputStream() : http.getErrorStream()) {
            return in == null ? "" : new String(in.readNBytes(ENOUGH), StandardCharsets.UTF_8);
        }
    }
}

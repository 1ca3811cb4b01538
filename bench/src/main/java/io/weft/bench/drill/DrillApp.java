// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * The service of the drills, a process of its own: says who it is, takes uploads and gives
 * downloads of any size. Arguments: port, instance, version.
 */
public final class DrillApp {

    static final String INSTANCE = "x-instance";
    static final String VERSION = "x-version";

    private static final int BLOCK = 64 * 1024;

    private DrillApp() {}

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        HttpServer server = HttpServer.create(address, 1_024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, arguments[1], arguments[2]));
        server.start();
    }

    private static void answer(HttpExchange exchange, String instance, String version)
            throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set(INSTANCE, instance);
            exchange.getResponseHeaders().set(VERSION, version);
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith("/download/")) {
                download(exchange, Long.parseLong(path.substring("/download/".length())));
            } else if (path.startsWith("/upload/")) {
                upload(exchange, Long.parseLong(path.substring("/upload/".length())));
            } else {
                exchange.getRequestBody().readAllBytes();
                byte[] body = (path + "\n").getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static void download(HttpExchange exchange, long bytes) throws IOException {
        exchange.sendResponseHeaders(200, bytes);
        OutputStream out = exchange.getResponseBody();
        for (long at = 0; at < bytes; at += BLOCK) {
            out.write(Pattern.block(at, (int) Math.min(BLOCK, bytes - at)));
        }
    }

    /** Reads no faster than so many bytes per second, and answers with their checksum. */
    private static void upload(HttpExchange exchange, long bytesPerSecond) throws IOException {
        var checksum = new CRC32C();
        byte[] block = new byte[BLOCK];
        InputStream in = exchange.getRequestBody();
        long start = System.nanoTime();
        long total = 0;
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
            checksum.update(block, 0, n);
            total += n;
            pace(start, total, bytesPerSecond);
        }
        byte[] body = (total + " " + checksum.getValue()).getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Waits until so many bytes are due. */
    static void pace(long start, long bytes, long bytesPerSecond) throws IOException {
        long due = start + (long) (bytes * 1e9 / bytesPerSecond);
        long left = due - System.nanoTime();
        try {
            if (left > 0) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

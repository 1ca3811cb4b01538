// SPDX-License-Identifier: Apache-2.0
package io.weft.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Services of the shop in this JVM, which reach one another only through a {@link ForwardProxy}.
 */
final class RunningShop implements AutoCloseable {

    private static final String[] PROXY = {
        "http.proxyHost", "http.proxyPort", "http.nonProxyHosts"
    };

    private final ForwardProxy proxy = new ForwardProxy();
    private final HttpClient visitor =
            HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    private final Deque<ConfigurableApplicationContext> contexts = new ArrayDeque<>();
    private final Map<String, String> before = new TreeMap<>();

    RunningShop() throws IOException {
        for (String key : PROXY) {
            String value = System.getProperty(key);
            if (value != null) {
                before.put(key, value);
            }
        }
        System.setProperty("http.proxyHost", "127.0.0.1");
        System.setProperty("http.proxyPort", String.valueOf(proxy.port()));
        System.setProperty("http.nonProxyHosts", "localhost|127.*");
    }

    ForwardProxy proxy() {
        return proxy;
    }

    /** Starts a service and returns its port; from now on the proxy finds it under its name. */
    int start(String service, String... settings) {
        SpringApplication application = new SpringApplication(Shop.class);
        String[] arguments = new String[settings.length + 2];
        arguments[0] = "--weft.demo.service=" + service;
        arguments[1] = "--server.port=0";
        System.arraycopy(settings, 0, arguments, 2, settings.length);
        ConfigurableApplicationContext context = application.run(arguments);
        contexts.push(context);
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        proxy.know(service, port);
        return port;
    }

    HttpResponse<String> get(int port, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(port, path));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> post(int port, String path, String json) throws Exception {
        return send(
                HttpRequest.newBuilder(uri(port, path))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return visitor.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        contexts.forEach(ConfigurableApplicationContext::close);
        proxy.close();
        visitor.close();
        for (String key : PROXY) {
            System.clearProperty(key);
        }
        before.forEach(System::setProperty);
    }
}

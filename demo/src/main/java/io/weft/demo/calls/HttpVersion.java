// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.calls;

import java.net.http.HttpClient;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.stereotype.Component;

/** HTTP/1.1 from the start, where the JDK's client would offer an upgrade to HTTP/2 each time. */
@Component
class HttpVersion
        implements ClientHttpRequestFactoryBuilderCustomizer<JdkClientHttpRequestFactoryBuilder> {

    @Override
    public JdkClientHttpRequestFactoryBuilder customize(JdkClientHttpRequestFactoryBuilder client) {
        return client.withHttpClientCustomizer(http -> http.version(HttpClient.Version.HTTP_1_1));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import java.net.InetAddress;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where proxies subscribe.
 *
 * @param address the address to listen on; loopback unless set
 * @param port the port to listen on, 0-65535; 0 for any that is free
 * @param maxSubscribers how many proxies are served at once, at least 1; more are sent away with
 *     503
 */
public record FeedSettings(
        @DefaultValue("127.0.0.1") InetAddress address,
        @DefaultValue("8889") int port,
        @DefaultValue("4096") int maxSubscribers) {

    public FeedSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0-65535)");
        }
        if (maxSubscribers < 1) {
            throw new IllegalArgumentException(
                    "max-subscribers: " + maxSubscribers + " (expected: at least 1)");
        }
    }
}

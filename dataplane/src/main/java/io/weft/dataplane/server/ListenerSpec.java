// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.weft.dataplane.dispatch.Via;
import io.weft.dataplane.telemetry.Series;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a listener is to be.
 *
 * @param name for logs
 * @param address port 0 for any that is free
 * @param unrouted counts the requests that fail before there is a route for them
 * @param door who is let in, or null when everybody is, in clear
 * @param announcesUnprocessed whether the clients are proxies like this one, which send a request
 *     somewhere else when they are told that nobody has processed it
 */
public record ListenerSpec(
        String name,
        InetSocketAddress address,
        ServerSettings settings,
        RequestHandler handler,
        Via via,
        Series unrouted,
        @Nullable MeshDoor door,
        boolean announcesUnprocessed) {}

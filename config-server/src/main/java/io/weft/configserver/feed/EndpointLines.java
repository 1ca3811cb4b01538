// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.netty.buffer.ByteBuf;
import io.weft.configserver.registry.Endpoints;
import io.weft.configserver.registry.Endpoints.OfService;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The endpoints of one moment, encoded once for each service. */
final class EndpointLines {

    static final EndpointLines NONE = new EndpointLines(Endpoints.NONE, Map.of());

    private final Endpoints endpoints;
    private final Map<ServiceName, OneService> services;

    private record OneService(long revision, Line line) {}

    private EndpointLines(Endpoints endpoints, Map<ServiceName, OneService> services) {
        this.endpoints = endpoints;
        this.services = services;
    }

    EndpointLines next(Endpoints next) {
        var lines = new TreeMap<ServiceName, OneService>();
        next.byService().forEach((service, now) -> lines.put(service, line(service, now)));
        return new EndpointLines(next, lines);
    }

    private OneService line(ServiceName service, OfService now) {
        OneService before = services.get(service);
        if (before != null && before.revision == now.revision()) {
            return before;
        }
        var message = new FeedMessage.Endpoints(service, now.instances());
        return new OneService(now.revision(), new Line(() -> FeedCodec.write(message) + "\n"));
    }

    long revision() {
        return endpoints.revision();
    }

    Map<ServiceName, List<Instance>> instances() {
        var instances = new TreeMap<ServiceName, List<Instance>>();
        endpoints.byService().forEach((service, now) -> instances.put(service, now.instances()));
        return instances;
    }

    /** Adds a message for each service that has changed since a revision. */
    void addSince(long revision, List<ByteBuf> messages) {
        for (OneService service : services.values()) {
            if (service.revision > revision) {
                messages.add(service.line.bytes());
            }
        }
    }
}

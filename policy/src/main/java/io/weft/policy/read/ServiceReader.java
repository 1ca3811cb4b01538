// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.service.HealthCheck;
import io.weft.policy.service.MutualTls;
import io.weft.policy.service.Protocol;
import io.weft.policy.service.Service;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads {@code weft.services.*}. */
final class ServiceReader {

    private ServiceReader() {}

    static Service service(Value.Named entry) {
        return entry.read(ServiceReader::name, ServiceReader::content);
    }

    private static Function<ServiceName, Service> content(Value value) {
        if (value.isNothing()) {
            return name ->
                    new Service(name, Protocol.HTTP, new TreeMap<>(), null, MutualTls.STRICT);
        }
        Fields fields = value.fields();
        var protocol = fields.optional("protocol", each -> each.oneOf(Protocol.class));
        var versions = fields.optional("versions", each -> each.mapByName(ServiceReader::version));
        var health = fields.optional("health", ServiceReader::health);
        var mtls = fields.optional("mtls", each -> each.oneOf(MutualTls.class));
        fields.done();
        return name ->
                new Service(
                        name,
                        protocol.or(Protocol.HTTP),
                        new TreeMap<>(versions.or(Map.of())),
                        health.value(),
                        mtls.or(MutualTls.STRICT));
    }

    /**
     * The name of a service that a policy may declare: the edge is there without being declared.
     */
    private static ServiceName name(Value key) {
        ServiceName name = reference(key);
        if (name.equals(ServiceName.GATEWAY)) {
            throw key.refuse("reserved name", "another name: the edge itself is called gateway");
        }
        return name;
    }

    static ServiceName reference(Value value) {
        return value.parsed(ServiceName::parse, ServiceName.SYNTAX);
    }

    private static Map<String, String> version(Value.Named entry) {
        return entry.read(
                ObjectReader::name,
                value -> {
                    Map<String, String> labels = value.mapByName(each -> each.value().text());
                    return _ -> labels;
                });
    }

    private static HealthCheck health(Value value) {
        Fields fields = value.fields();
        var path = fields.required("path", Paths::absolute);
        fields.done();
        return new HealthCheck(path.get());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.access.AccessRule;
import io.weft.policy.access.Callers;
import io.weft.policy.access.Effect;
import io.weft.policy.access.Mode;
import io.weft.policy.access.Targets;
import io.weft.policy.document.Node;
import io.weft.policy.document.Node.Mapping;
import io.weft.policy.document.Node.Sequence;
import io.weft.policy.document.YamlReader;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.problem.Suggestions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code weft.access.*}. */
final class AccessReader {

    private AccessReader() {}

    static AccessRule rule(Value key, Value value) {
        String name = ObjectReader.name(key);
        Fields fields = value.fields();
        var mode = fields.optional("mode", each -> each.oneOf(Mode.class));
        var to = fields.required("to", AccessReader::targets);
        var from = fields.optional("from", AccessReader::workloads);
        var anyone = fields.optional("user", AccessReader::anyone);
        var effect = fields.required("effect", each -> each.oneOf(Effect.class));
        fields.done();
        if (from.value() == null && anyone.value() == null) {
            throw value.refuse(
                    "says neither which workload nor which user",
                    "from.workloads, or user: anyone for everybody");
        }
        return new AccessRule(
                name,
                mode.or(Mode.ENFORCE),
                to.get(),
                new Callers(from.or(List.of()), anyone.or(false)),
                effect.get());
    }

    private static Targets targets(Value value) {
        Fields fields = value.fields();
        var services = fields.required("services", AccessReader::services);
        var methods = fields.optional("methods", each -> each.list(RouteReader::method));
        var paths = fields.optional("paths", each -> each.list(Paths::pattern));
        fields.done();
        return new Targets(services.get(), methods.or(List.of()), paths.or(List.of()));
    }

    private static List<ServiceName> services(Value value) {
        List<ServiceName> services = value.list(ServiceReader::reference);
        if (services.isEmpty()) {
            throw value.refuse("empty", "at least one service");
        }
        return services;
    }

    private static List<ServiceName> workloads(Value value) {
        Fields fields = value.fields();
        var workloads = fields.required("workloads", AccessReader::services);
        fields.done();
        return workloads.get();
    }

    private static boolean anyone(Value value) {
        return value.parsed(
                text -> {
                    if (!text.equals("anyone")) {
                        throw new IllegalArgumentException(text);
                    }
                    return true;
                },
                "anyone");
    }

    /** Whether a rule that could not be read says, or nearly says, that it denies. */
    static boolean meantToDeny(Node rule) {
        Node effect = at(rule, "effect");
        String text = effect == null ? null : YamlReader.text(effect);
        return text != null && "deny".equals(Suggestions.nearest(text, List.of("allow", "deny")));
    }

    /** Those services of a rule that could not be read which can be read. */
    static List<ServiceName> services(Node rule) {
        Node to = at(rule, "to");
        Node services = to == null ? null : at(to, "services");
        var readable = new ArrayList<ServiceName>();
        if (services instanceof Sequence sequence) {
            for (Node item : sequence.items()) {
                String text = YamlReader.text(item);
                if (text != null && ServiceName.isName(text)) {
                    readable.add(ServiceName.parse(text));
                }
            }
        }
        return readable;
    }

    private static @Nullable Node at(Node node, String key) {
        if (node instanceof Mapping mapping) {
            for (Node.Entry entry : mapping.entries()) {
                if (entry.key().text().equals(key)) {
                    return entry.value();
                }
            }
        }
        return null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.access.AccessRule;
import io.weft.policy.access.Callers;
import io.weft.policy.access.Effect;
import io.weft.policy.access.Mode;
import io.weft.policy.access.Targets;
import io.weft.policy.document.Node;
import io.weft.policy.document.Node.Entry;
import io.weft.policy.document.Node.Sequence;
import io.weft.policy.document.YamlReader;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.problem.Suggestions;
import java.util.List;
import java.util.function.Function;

/** Reads {@code weft.access.*}. */
final class AccessReader {

    private static final List<String> KEYS = List.of("mode", "to", "from", "user", "effect");

    private AccessReader() {}

    static AccessRule rule(Value.Named entry) {
        return entry.read(ObjectReader::name, AccessReader::rule);
    }

    private static Function<String, AccessRule> rule(Value value) {
        Fields fields = value.fields();
        var mode = fields.optional("mode", each -> each.oneOf(Mode.class));
        var to = fields.required("to", AccessReader::targets);
        var from = fields.narrowing("from", AccessReader::workloads);
        var anyone = fields.narrowing("user", AccessReader::anyone);
        var effect = fields.required("effect", each -> each.oneOf(Effect.class));
        fields.done();
        if (from.value() == null && anyone.value() == null) {
            throw value.refuse(
                    "says neither which workload nor which user",
                    "from.workloads, or user: anyone for everybody");
        }
        return name ->
                new AccessRule(
                        name,
                        mode.or(Mode.ENFORCE),
                        to.get(),
                        new Callers(from.or(List.of()), anyone.or(false)),
                        effect.get());
    }

    private static Targets targets(Value value) {
        Fields fields = value.fields();
        var services = fields.required("services", each -> each.someOf(ServiceReader::reference));
        var methods = fields.narrowing("methods", each -> each.someOf(RouteReader::method));
        var paths = fields.narrowing("paths", each -> each.someOf(Paths::pattern));
        fields.done();
        return new Targets(services.get(), methods.or(List.of()), paths.or(List.of()));
    }

    private static List<ServiceName> workloads(Value value) {
        Fields fields = value.fields();
        var workloads = fields.required("workloads", each -> each.someOf(ServiceReader::reference));
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

    /**
     * Whether a rule that could not be read says, or nearly says, that it denies, and does not say
     * that it only does so in shadow.
     */
    static boolean meantToDeny(Node rule) {
        boolean denies = false;
        boolean decides = true;
        for (Entry entry : rule.entries()) {
            String key = entry.key().text();
            String text = YamlReader.text(entry.value());
            if (text != null && "effect".equals(Suggestions.nearest(key, KEYS))) {
                denies |= "deny".equals(Suggestions.nearest(text, List.of("allow", "deny")));
            }
            if (text != null && key.equals("mode")) {
                decides &= !text.equals("shadow") && !text.equals("disabled");
            }
        }
        return denies && decides;
    }

    /** Those services of a rule that could not be read which can be read. */
    static List<ServiceName> services(Node rule) {
        Node to = rule.get("to");
        Node services = to == null ? null : to.get("services");
        if (services == null) {
            return List.of();
        }
        List<Node> written = services instanceof Sequence list ? list.items() : List.of(services);
        return written.stream()
                .map(YamlReader::text)
                .filter(text -> text != null && ServiceName.isName(text))
                .map(ServiceName::parse)
                .toList();
    }
}

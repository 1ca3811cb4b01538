// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.access.AccessRule;
import io.weft.policy.access.Effect;
import io.weft.policy.access.Mode;
import io.weft.policy.access.RequiredUser;
import io.weft.policy.access.RequiredUser.ClaimMatch;
import io.weft.policy.access.Targets;
import io.weft.policy.condition.Condition;
import io.weft.policy.document.Node;
import io.weft.policy.document.Node.Entry;
import io.weft.policy.document.Node.Mapping;
import io.weft.policy.document.Node.Sequence;
import io.weft.policy.document.YamlReader;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.problem.Suggestions;
import io.weft.policy.request.Network;
import io.weft.policy.request.Sources;
import io.weft.policy.token.ClaimPath;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code weft.access.*}. */
final class AccessReader {

    private static final List<String> KEYS =
            List.of("mode", "to", "from", "user", "when", "effect");
    private static final Pattern CLIENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final List<String> FROM_KEYS = List.of("workloads", "namespaces", "networks");

    private static final Pattern SCOPE = Pattern.compile("[!#-\\[\\]-~]{1,200}");

    private AccessReader() {}

    private record When(Condition read, Value value) {

        Condition condition(@Nullable RequiredUser user) {
            if (read.asksUser() && (user == null || !user.isKnown())) {
                throw value.refuse(
                        "asks for the user of a rule without token or API key",
                        "user.token or user.api-key beside it");
            }
            return read;
        }
    }

    /**
     * @param conditions reads what stands under {@code when}
     */
    static AccessRule rule(Value.Named entry, Function<Value, Condition> conditions) {
        return entry.read(ObjectReader::name, value -> rule(value, conditions));
    }

    private static Function<String, AccessRule> rule(
            Value value, Function<Value, Condition> conditions) {
        Fields fields = value.fields();
        var mode = fields.optional("mode", each -> each.oneOf(Mode.class));
        var to = fields.required("to", AccessReader::targets);
        var from =
                fields.narrowing(
                        "from",
                        each -> sources(each, ServiceReader::reference, AccessReader::network));
        var user = fields.narrowing("user", AccessReader::user);
        var when = fields.narrowing("when", each -> new When(conditions.apply(each), each));
        var effect = fields.required("effect", each -> each.oneOf(Effect.class));
        fields.done();
        if (from.value() == null && user.value() == null) {
            throw value.refuse(
                    "says neither from where nor which user",
                    "from, or user: anyone for everybody");
        }
        Condition condition = when.value() == null ? null : when.value().condition(user.value());
        return name ->
                new AccessRule(
                        name,
                        mode.or(Mode.ENFORCE),
                        to.get(),
                        from.or(Sources.ANY),
                        user.or(new RequiredUser.Unasked()),
                        condition,
                        effect.get());
    }

    private static Targets targets(Value value) {
        Fields fields = value.fields();
        var services = fields.required("services", each -> each.someOf(ServiceReader::reference));
        var methods = fields.narrowing("methods", each -> each.someOf(RouteReader::method));
        var paths = fields.narrowing("paths", each -> each.someOf(Paths::pattern));
        var headers = fields.narrowing("headers", RouteReader::headers);
        fields.done();
        return new Targets(
                services.get(), methods.or(List.of()), paths.or(List.of()), headers.or(List.of()));
    }

    static Sources sources(
            Value value, Function<Value, ServiceName> workload, Function<Value, Network> network) {
        Fields fields = value.fields();
        var workloads = fields.narrowing("workloads", each -> each.someOf(workload));
        var namespaces =
                fields.narrowing("namespaces", each -> each.someOf(AccessReader::namespace));
        var networks = fields.narrowing("networks", each -> each.someOf(network));
        fields.done();
        if (workloads.value() == null && namespaces.value() == null && networks.value() == null) {
            throw value.refuse("empty", "at least one of: " + String.join(", ", FROM_KEYS));
        }
        return new Sources(
                workloads.or(List.of()), namespaces.or(List.of()), networks.or(List.of()));
    }

    private static String namespace(Value value) {
        return value.parsed(
                text -> {
                    if (!ServiceName.isLabel(text)) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                },
                "lower-case letters, digits and inner dashes, at most 63");
    }

    static Network network(Value value) {
        return value.parsed(Network::parse, Network.SYNTAX);
    }

    private static RequiredUser user(Value value) {
        if (!(value.node() instanceof Mapping)) {
            return anyone(value);
        }
        Fields fields = value.fields();
        var token = fields.narrowing("token", ObjectReader::name);
        var clients = fields.narrowing("api-key", AccessReader::clients);
        var scopes = fields.narrowing("scopes", each -> each.someOf(AccessReader::word));
        var roles = fields.narrowing("roles", each -> each.someOf(Value::text));
        var claims = fields.narrowing("claims", AccessReader::claims);
        fields.done();
        String name = token.value();
        if ((name == null) == (clients.value() == null)) {
            throw value.refuse(
                    name == null ? "says neither which token nor which API key" : "says both",
                    "token or api-key");
        }
        if (name != null) {
            return new RequiredUser.Bearer(
                    name, scopes.or(List.of()), roles.or(List.of()), claims.or(List.of()));
        }
        if (claims.value() != null) {
            throw value.refuse("claims of an API key, which has none", "scopes or roles");
        }
        return new RequiredUser.ApiKey(clients.get(), scopes.or(List.of()), roles.or(List.of()));
    }

    /** Empty for any. */
    private static List<String> clients(Value value) {
        if (value.node() instanceof Sequence) {
            return value.someOf(AccessReader::client);
        }
        value.parsed(
                text -> {
                    if (!text.equals("any")) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                },
                "any, or a list of clients");
        return List.of();
    }

    private static String client(Value value) {
        return value.parsed(
                text -> {
                    if (!CLIENT.matcher(text).matches()) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                },
                "the client of an API key: 1 to 100 letters, digits and . _ -");
    }

    private static RequiredUser anyone(Value value) {
        return value.parsed(
                text -> {
                    if (!text.equals("anyone")) {
                        throw new IllegalArgumentException(text);
                    }
                    return new RequiredUser.Anyone();
                },
                "anyone, or a map with token or api-key");
    }

    private static String word(Value value) {
        return value.parsed(
                text -> {
                    if (!SCOPE.matcher(text).matches()) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                },
                "a scope: visible ASCII characters without quotes and backslashes (RFC 6749 §3.3)");
    }

    private static List<ClaimMatch> claims(Value value) {
        return value.nonEmpty(value.map(AccessReader::claim));
    }

    private static ClaimMatch claim(Value.Named entry) {
        return entry.read(
                key -> key.parsed(ClaimPath::new, ClaimPath.SYNTAX),
                value -> {
                    List<String> values =
                            value.node() instanceof Sequence
                                    ? value.someOf(Value::text)
                                    : List.of(value.text("a text or a list of texts"));
                    return path -> new ClaimMatch(path, values);
                });
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

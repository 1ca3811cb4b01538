// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.condition;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelVariableResolver;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Caller;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import io.weft.policy.token.User;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a condition can ask about one request; each is made only when it is asked for. */
record Facts(RequestView request, Caller caller, @Nullable User user)
        implements CelVariableResolver {

    static final String HEADERS = "request.headers";

    private static final String USER = "user.";

    /** The variables, each with its type. */
    static SortedMap<String, CelType> types() {
        var types = new TreeMap<String, CelType>();
        for (String text :
                List.of(
                        "request.method",
                        "request.host",
                        "request.path",
                        "request.query",
                        "source.workload",
                        "source.namespace",
                        "source.address",
                        "user.subject",
                        "user.issuer")) {
            types.put(text, SimpleType.STRING);
        }
        types.put(HEADERS, MapType.create(SimpleType.STRING, SimpleType.STRING));
        types.put("user.claims", MapType.create(SimpleType.STRING, SimpleType.DYN));
        types.put("user.scopes", ListType.create(SimpleType.STRING));
        types.put("user.roles", ListType.create(SimpleType.STRING));
        return types;
    }

    static boolean isAboutUser(String name) {
        return name.startsWith(USER);
    }

    @Override
    public Optional<Object> find(String name) {
        return Optional.ofNullable(isAboutUser(name) ? ofUser(name) : ofRequest(name));
    }

    private @Nullable Object ofRequest(String name) {
        return switch (name) {
            case "request.method" -> text(request.methodStart(), request.methodEnd());
            case "request.host" -> text(request.hostStart(), request.hostEnd());
            case "request.path" -> text(request.pathStart(), request.pathEnd());
            case "request.query" -> text(request.queryStart(), request.queryEnd());
            case HEADERS -> new Headers();
            case "source.workload" -> caller.workload().map(ServiceName::toString).orElse("");
            case "source.namespace" -> caller.workload().map(ServiceName::namespace).orElse("");
            case "source.address" -> caller.address();
            default -> null;
        };
    }

    private @Nullable Object ofUser(String name) {
        if (user == null) {
            return null;
        }
        return switch (name) {
            case "user.subject" -> user.subject();
            case "user.issuer" -> user.issuer();
            case "user.claims" -> user.claims();
            case "user.scopes" -> List.copyOf(user.scopes());
            case "user.roles" -> List.copyOf(user.roles());
            default -> null;
        };
    }

    private String text(int start, int end) {
        return new String(request.bytes(), start, end - start, StandardCharsets.ISO_8859_1);
    }

    /**
     * The header fields, to be asked for one by one. Fields of one name are one value with commas
     * (RFC 9110 §5.3): a second field cannot hide behind the first.
     */
    private final class Headers extends AbstractMap<String, String> {

        @Override
        public @Nullable String get(@Nullable Object key) {
            if (!(key instanceof String text) || !HeaderName.isToken(text)) {
                return null;
            }
            HeaderName name = HeaderName.of(text);
            int field = request.header(name, 0);
            if (field < 0) {
                return null;
            }
            String value = value(field);
            for (int next = request.header(name, field + 1);
                    next >= 0;
                    next = request.header(name, next + 1)) {
                value += ", " + value(next);
            }
            return value;
        }

        private String value(int field) {
            return text(request.valueStart(field), request.valueEnd(field));
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return get(key) != null;
        }

        @Override
        public Set<Map.Entry<String, String>> entrySet() {
            throw new UnsupportedOperationException("headers are asked for one by one");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.dataplane.http.FieldEdits;
import io.weft.dataplane.http.RequestHead;
import io.weft.policy.match.CompiledCors;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.Cors;
import io.weft.policy.route.HeaderEdits;
import io.weft.policy.route.HeaderEdits.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What pages of other origins are told (Fetch Standard, CORS protocol). The edits of a response are
 * made once for an origin, as long as there are not too many of them.
 */
final class CorsEdits {

    private static final int MAX_ORIGINS = 256;

    private static final HeaderName VARY = HeaderName.of("vary");
    private static final HeaderName ALLOW_ORIGIN = HeaderName.of("access-control-allow-origin");
    private static final HeaderName ALLOW_CREDENTIALS =
            HeaderName.of("access-control-allow-credentials");
    private static final HeaderName ALLOW_METHODS = HeaderName.of("access-control-allow-methods");
    private static final HeaderName ALLOW_HEADERS = HeaderName.of("access-control-allow-headers");
    private static final HeaderName EXPOSE = HeaderName.of("access-control-expose-headers");
    private static final HeaderName MAX_AGE = HeaderName.of("access-control-max-age");

    /** What a service says about it does not count. */
    private static final List<HeaderName> OF_SERVICES =
            List.of(ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_HEADERS, EXPOSE, MAX_AGE);

    private final CompiledCors compiled;
    private final HeaderEdits edits;
    private final FieldEdits toOthers;
    private final Map<String, FieldEdits> byOrigin = new ConcurrentHashMap<>();

    /**
     * @param edits of the rule, which come first
     */
    CorsEdits(CompiledCors compiled, HeaderEdits edits) {
        this.compiled = compiled;
        this.edits = edits;
        this.toOthers = make(List.of());
    }

    /** The edits of the response to a request. */
    FieldEdits of(RequestView request) {
        String origin = origin(compiled, request);
        if (origin == null) {
            return toOthers;
        }
        FieldEdits known = byOrigin.get(origin);
        if (known == null) {
            known = make(answer(origin));
            if (byOrigin.size() < MAX_ORIGINS) {
                byOrigin.put(origin, known);
            }
        }
        return known;
    }

    /** What is added to an answer of this proxy's own, so that the page gets to see it. */
    FieldEdits ofFailure(RequestView request) {
        String origin = origin(compiled, request);
        return origin == null
                ? FieldEdits.NONE
                : FieldEdits.of(new HeaderEdits(answer(origin), vary(), List.of()));
    }

    private List<Field> answer(String origin) {
        var fields = new ArrayList<>(allowed(compiled, origin));
        Cors cors = compiled.cors();
        if (!cors.expose().isEmpty()) {
            fields.add(new Field(EXPOSE, String.join(", ", cors.expose())));
        }
        return fields;
    }

    private FieldEdits make(List<Field> set) {
        return FieldEdits.of(edits.then(new HeaderEdits(set, vary(), OF_SERVICES)));
    }

    private List<Field> vary() {
        return compiled.allowsAnybody() ? List.of() : List.of(new Field(VARY, "Origin"));
    }

    /**
     * What is answered to a browser that asks whether a page may send a request.
     *
     * @param method that the page wants to use
     * @param headers that it wants to send; null for none but the usual ones
     */
    static PolicyAnswer preflight(
            CompiledCors compiled, RequestHead head, String method, @Nullable String headers) {
        var fields = new ArrayList<Field>();
        String origin = origin(compiled, head);
        if (origin != null) {
            Cors cors = compiled.cors();
            fields.addAll(allowed(compiled, origin));
            addNames(fields, ALLOW_METHODS, cors.methods(), method);
            addNames(fields, ALLOW_HEADERS, cors.headers(), headers);
            fields.add(new Field(MAX_AGE, Long.toString(cors.maxAge().toSeconds())));
        }
        fields.add(
                new Field(
                        VARY,
                        "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"));
        return PolicyAnswer.without(204, fields);
    }

    /** A star would not count where cookies are allowed, so what was asked for is repeated. */
    private static void addNames(
            List<Field> to, HeaderName name, List<String> names, @Nullable String asked) {
        if (names.equals(List.of(Cors.ANY))) {
            if (asked != null) {
                to.add(new Field(name, asked));
            }
        } else if (!names.isEmpty()) {
            to.add(new Field(name, String.join(", ", names)));
        }
    }

    private static List<Field> allowed(CompiledCors compiled, String origin) {
        var fields = new ArrayList<Field>();
        fields.add(new Field(ALLOW_ORIGIN, compiled.allowsAnybody() ? Cors.ANY : origin));
        if (compiled.cors().credentials()) {
            fields.add(new Field(ALLOW_CREDENTIALS, "true"));
        }
        return fields;
    }

    /** The page that asks, if it may. */
    private static @Nullable String origin(CompiledCors compiled, RequestView head) {
        int field = compiled.allowedOrigin(head);
        if (field < 0) {
            return null;
        }
        int start = head.valueStart(field);
        return new String(
                head.bytes(), start, head.valueEnd(field) - start, StandardCharsets.ISO_8859_1);
    }
}

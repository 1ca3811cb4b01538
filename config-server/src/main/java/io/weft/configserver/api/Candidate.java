// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.api;

import io.weft.configserver.api.ApiFailures.RefusedRequestException;
import io.weft.policy.compile.PolicyText;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Documents to be tried, as they come with a request: one as it is, its name in the query, or
 * several as JSON, {@code {"files":{"shop.yml":"..."}}}. The body is read by hand, because a client
 * that says nothing about its type means YAML, and {@code curl} then says that it is a form.
 */
final class Candidate {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final int MAX_BYTES = 16 * 1024 * 1024;

    /** What a document without a name is called. */
    private static final String NAMELESS = "candidate.yml";

    private Candidate() {}

    static List<PolicyText> read(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            throw new RefusedRequestException(
                    HttpStatus.CONTENT_TOO_LARGE, "a candidate has at most 16 MiB");
        }
        String text = new String(body, StandardCharsets.UTF_8);
        String type = Objects.requireNonNullElse(request.getContentType(), "");
        return type.startsWith("application/json")
                ? files(text)
                : List.of(new PolicyText(name(request.getQueryString()), text));
    }

    private static String name(@Nullable String query) {
        if (query == null) {
            return NAMELESS;
        }
        String name =
                UriComponentsBuilder.newInstance()
                        .query(query)
                        .build()
                        .getQueryParams()
                        .getFirst("file");
        return name == null || name.isBlank()
                ? NAMELESS
                : UriUtils.decode(name, StandardCharsets.UTF_8);
    }

    private static List<PolicyText> files(String json) {
        try {
            var texts = new ArrayList<PolicyText>();
            JsonNode files = JSON.readTree(json).path("files");
            for (Map.Entry<String, JsonNode> file : files.properties()) {
                texts.add(new PolicyText(file.getKey(), file.getValue().asString()));
            }
            if (!texts.isEmpty()) {
                return texts;
            }
        } catch (JacksonException e) {
            // Answered below.
        }
        throw new RefusedRequestException(
                HttpStatus.BAD_REQUEST, "expected: {\"files\":{\"NAME.yml\":\"TEXT\"}}");
    }
}

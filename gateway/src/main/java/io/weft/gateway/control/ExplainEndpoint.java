// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.control;

import io.weft.dataplane.engine.Explanations;
import io.weft.dataplane.engine.Json;
import io.weft.dataplane.engine.Question;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@code /actuator/explain}: why a request was refused, by the id of the decision; or what would
 * become of one.
 */
@WebEndpoint(id = "explain")
public final class ExplainEndpoint {

    private final Explanations explanations;

    public ExplainEndpoint(Explanations explanations) {
        this.explanations = explanations;
    }

    @ReadOperation(produces = "application/json")
    public WebEndpointResponse<String> explain(
            @Nullable String decision,
            @Nullable String host,
            @Nullable String method,
            @Nullable String path,
            @Nullable List<String> header,
            @Nullable String address) {
        if (decision != null) {
            return explanations
                    .refusal(decision)
                    .map(WebEndpointResponse::new)
                    .orElseGet(() -> error(404, "no such decision, or it was too long ago"));
        }
        if (host == null) {
            return error(400, Explanations.USAGE);
        }
        try {
            return explanations
                    .request(
                            new Question(
                                    method == null ? "GET" : method,
                                    host,
                                    path == null ? "/" : path,
                                    header == null ? List.of() : header,
                                    null,
                                    address))
                    .map(WebEndpointResponse::new)
                    .orElseGet(() -> error(503, "there is no policy yet"));
        } catch (IllegalArgumentException e) {
            return error(400, String.valueOf(e.getMessage()));
        }
    }

    private static WebEndpointResponse<String> error(int status, String why) {
        return new WebEndpointResponse<>(Json.object().put("error", why).end(), status);
    }
}

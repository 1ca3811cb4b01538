// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.calls;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/**
 * A service that was needed gave no good answer. Unhandled, it becomes a {@code problem+json} of
 * this service that names the callee.
 */
public final class CalleeFailed extends ErrorResponseException {

    CalleeFailed(HttpStatusCode status, String detail, @Nullable Throwable cause) {
        super(status, ProblemDetail.forStatusAndDetail(status, detail), cause);
    }

    /** A refusal keeps its status, for it is about the visitor's request; a failure becomes 502. */
    static CalleeFailed answered(String callee, RestClientResponseException answer) {
        HttpStatusCode status = answer.getStatusCode();
        String said = callee + " answered " + status.value();
        String why = reason(answer);
        return new CalleeFailed(
                status.is4xxClientError() ? status : HttpStatus.BAD_GATEWAY,
                why == null ? said : said + ": " + why,
                answer);
    }

    private static @Nullable String reason(RestClientResponseException answer) {
        try {
            ProblemDetail problem = answer.getResponseBodyAs(ProblemDetail.class);
            return problem == null ? null : problem.getDetail();
        } catch (RestClientException | IllegalStateException notAProblem) {
            return null;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.http.HeadWriter;
import java.nio.charset.StandardCharsets;

/** The response to a request that this proxy refuses, without its framing. */
public final class ProblemResponse {

    /** The type of {@link #body}. */
    public static final String TYPE = "application/problem+json";

    /** The field that names the decision. */
    public static final String DECISION = "x-weft-decision";

    private static final byte[] CONTENT_TYPE = ascii("content-type");
    private static final byte[] PROBLEM = ascii(TYPE);
    private static final byte[] DECISION_NAME = ascii(DECISION);
    private static final byte[] AUTHENTICATE = ascii("www-authenticate");
    private static final byte[] ALLOW = ascii("allow");
    private static final byte[] METHODS = ascii("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");

    private ProblemResponse() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Starts the head. */
    public static HeadWriter head(HeadWriter writer, Refusal refusal) {
        int status = refusal.answer().status();
        String challenge = refusal.answer().challenge();
        writer.response(status, refusal.answer().reason())
                .field(CONTENT_TYPE, PROBLEM)
                .field(DECISION_NAME, ascii(refusal.decision()));
        if (challenge != null) {
            writer.field(AUTHENTICATE, ascii(challenge));
        }
        return status == 405 ? writer.field(ALLOW, METHODS) : writer;
    }

    public static byte[] body(Refusal refusal) {
        return refusal.answer().toProblem(refusal.decision()).getBytes(StandardCharsets.UTF_8);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.listen;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.weft.authservice.enrol.Attestation;
import io.weft.authservice.enrol.Refusal;
import io.weft.policy.identity.ServiceName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What {@code POST /enrol} is sent. */
record EnrolmentRequest(
        @Nullable String workload, @Nullable String csr, @Nullable Shown attestation) {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    /** Exactly one of them. */
    record Shown(
            @JsonProperty("enrolment-secret") @Nullable String secret,
            @JsonProperty("join-token") @Nullable String joinToken,
            @JsonProperty("service-account-token") @Nullable String serviceAccountToken) {

        @Override
        public String toString() {
            return "Shown[]";
        }
    }

    /**
     * Reads a request.
     *
     * @throws Refusal when it is none
     */
    static EnrolmentRequest read(byte[] body) {
        try {
            EnrolmentRequest request = JSON.readValue(body, EnrolmentRequest.class);
            if (request == null) {
                throw Refusal.badRequest("body: null (expected: an object)");
            }
            return request;
        } catch (JacksonException e) {
            // Without the parser's message, which would quote what may be a secret.
            throw Refusal.badRequest(
                    "body: not JSON of the form {workload, csr, attestation} at line "
                            + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()));
        }
    }

    ServiceName name() {
        if (workload == null || !ServiceName.isName(workload)) {
            throw Refusal.badRequest("workload: (expected: " + ServiceName.SYNTAX + ")");
        }
        return ServiceName.parse(workload);
    }

    byte[] der() {
        try {
            if (csr != null) {
                return Base64.getDecoder().decode(csr);
            }
        } catch (IllegalArgumentException e) {
            // As if there were none.
        }
        throw Refusal.badRequest("csr: (expected: base64 of a PKCS#10 in DER)");
    }

    /**
     * What is shown in the body, or null when the connection's certificate has to do.
     *
     * @param from the other end of the connection
     */
    @Nullable Attestation shown(InetAddress from) {
        if (attestation == null) {
            return null;
        }
        List<Attestation> all = new ArrayList<>();
        if (attestation.secret() != null) {
            all.add(new Attestation.EnrolmentSecret(attestation.secret()));
        }
        if (attestation.joinToken() != null) {
            all.add(new Attestation.JoinToken(attestation.joinToken()));
        }
        if (attestation.serviceAccountToken() != null) {
            all.add(new Attestation.ServiceAccountToken(attestation.serviceAccountToken(), from));
        }
        if (all.size() != 1) {
            throw Refusal.badRequest(
                    "attestation: " + all.size() + " (expected: exactly one, or leave it out)");
        }
        return all.getFirst();
    }
}

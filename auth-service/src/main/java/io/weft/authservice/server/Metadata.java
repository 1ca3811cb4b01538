// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.server;

import java.util.List;
import java.util.Map;

/** Says in the metadata what is offered, where Spring Security says what could be. */
final class Metadata {

    private static final List<String> SECRETS =
            List.of("client_secret_basic", "client_secret_post");

    private static final List<String> SECRETS_OR_NONE =
            List.of("client_secret_basic", "client_secret_post", "none");

    private Metadata() {}

    static void correct(Map<String, Object> claims) {
        claims.remove("tls_client_certificate_bound_access_tokens");
        claims.remove("dpop_signing_alg_values_supported");
        claims.put(
                "grant_types_supported",
                List.of("authorization_code", "refresh_token", "client_credentials"));
        claims.put("token_endpoint_auth_methods_supported", SECRETS_OR_NONE);
        claims.put("revocation_endpoint_auth_methods_supported", SECRETS_OR_NONE);
        claims.put("introspection_endpoint_auth_methods_supported", SECRETS);
        claims.computeIfPresent(
                "id_token_signing_alg_values_supported", (_, _) -> List.of("ES256"));
        claims.put("authorization_response_iss_parameter_supported", true);
        claims.put("backchannel_logout_supported", true);
        claims.put("backchannel_logout_session_supported", true);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

import io.weft.cli.home.State;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a member of the mesh has to know of those who look after it.
 *
 * @param feed where the control plane is followed
 * @param authService where workloads enrol
 * @param state where the roots of trust and the secrets are
 */
public record ControlPlane(URI feed, URI authService, State state) {

    static final String AUTH_SERVICE = "auth-service";

    /** Settings with which a proxy follows the control plane. */
    Map<String, String> proxy(String prefix, String workload) throws IOException {
        Map<String, String> settings = identity(prefix, workload);
        settings.put(prefix + ".control-plane", feed.toString());
        return settings;
    }

    /** Settings with which a workload gets its certificate. */
    Map<String, String> identity(String prefix, String workload) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        settings.put(prefix + ".identity.auth-service", authService.toString());
        settings.put(
                prefix + ".identity.trust-root",
                state.data(AUTH_SERVICE).resolve("root.pem").toString());
        settings.put(prefix + ".identity.enrolment-secret-file", secrets().of(workload).toString());
        return settings;
    }

    EnrolmentSecrets secrets() {
        return new EnrolmentSecrets(state.secrets());
    }
}

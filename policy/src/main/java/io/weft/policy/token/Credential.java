// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.token;

/** What a rule asks a user to show. */
public sealed interface Credential permits TokenPolicy, Credential.ApiKey {

    /** A key of the mesh's own auth service, for clients that cannot sign in. */
    enum ApiKey implements Credential {
        API_KEY
    }
}

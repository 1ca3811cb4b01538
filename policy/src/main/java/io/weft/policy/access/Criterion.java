// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

/** What a rule can ask of a request, in the order in which it is asked. */
public enum Criterion {
    METHOD("to.methods"),
    PATH("to.paths"),
    HEADERS("to.headers"),
    WORKLOAD("from.workloads"),
    NAMESPACE("from.namespaces"),
    NETWORK("from.networks"),
    TOKEN("user.token"),
    API_KEY("user.api-key"),
    CLIENT("user.api-key"),
    SCOPES("user.scopes"),
    ROLES("user.roles"),
    CLAIMS("user.claims"),
    CONDITION("when");

    private final String key;

    Criterion(String key) {
        this.key = key;
    }

    /** Whether the request lacks a good credential, rather than the user something. */
    public boolean isCredential() {
        return this == TOKEN || this == API_KEY;
    }

    /** The key under which a rule asks it. */
    public String key() {
        return key;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.identity;

/**
 * The identity of a workload, {@code spiffe://<trust-domain>/ns/<namespace>/svc/<service>}. Other
 * ids that SPIFFE would allow name nothing in this mesh and are refused, and so is every other
 * spelling of the same id: ids are compared as they are written.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md">SPIFFE-ID</a>
 */
public record SpiffeId(TrustDomain trustDomain, ServiceName workload) {

    public static final String SYNTAX = "spiffe://<trust-domain>/ns/<namespace>/svc/<service>";

    private static final String SCHEME = "spiffe://";
    private static final String NAMESPACE = "ns";
    private static final String SERVICE = "svc";

    /** The longest there is (SPIFFE-ID §2.3). */
    private static final int MAX_LENGTH = 2_048;

    /**
     * Reads an id.
     *
     * @throws IllegalArgumentException when the text is not the id of a workload
     */
    public static SpiffeId parse(String text) {
        if (text.length() <= MAX_LENGTH && text.startsWith(SCHEME)) {
            String[] parts = text.substring(SCHEME.length()).split("/", -1);
            if (parts.length == 5
                    && parts[1].equals(NAMESPACE)
                    && parts[3].equals(SERVICE)
                    && TrustDomain.isName(parts[0])
                    && ServiceName.isLabel(parts[2])
                    && ServiceName.isLabel(parts[4])) {
                return new SpiffeId(new TrustDomain(parts[0]), new ServiceName(parts[4], parts[2]));
            }
        }
        throw new IllegalArgumentException("not an id of a workload (expected: " + SYNTAX + ")");
    }

    @Override
    public String toString() {
        return SCHEME
                + trustDomain
                + "/"
                + NAMESPACE
                + "/"
                + workload.namespace()
                + "/"
                + SERVICE
                + "/"
                + workload.name();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.identity;

import java.util.regex.Pattern;

/**
 * The name of a service, and of the workload that provides it: a DNS label within a namespace. Both
 * proxies and control plane write it {@code name} in the namespace {@code default}, else {@code
 * name.namespace}.
 *
 * @param name DNS label (RFC 1123): lower-case letters, digits and inner dashes, at most 63
 * @param namespace DNS label
 */
public record ServiceName(String name, String namespace) implements Comparable<ServiceName> {

    public static final String DEFAULT_NAMESPACE = "default";

    public static final String SYNTAX =
            "lower-case letters, digits and inner dashes, at most 63, as name or name.namespace";

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** What the edge is, seen from the services behind it. */
    public static final ServiceName GATEWAY = new ServiceName("gateway", DEFAULT_NAMESPACE);

    public ServiceName {
        if (!isLabel(name) || !isLabel(namespace)) {
            throw new IllegalArgumentException(
                    "service: " + name + "." + namespace + " (expected: " + SYNTAX + ")");
        }
    }

    /**
     * Reads a service's name.
     *
     * @throws IllegalArgumentException when the text is not {@code name} or {@code name.namespace}
     */
    public static ServiceName parse(String text) {
        int dot = text.indexOf('.');
        return dot < 0
                ? new ServiceName(text, DEFAULT_NAMESPACE)
                : new ServiceName(text.substring(0, dot), text.substring(dot + 1));
    }

    /** Whether the text is a service's name, short or qualified. */
    public static boolean isName(String text) {
        int dot = text.indexOf('.');
        return dot < 0
                ? isLabel(text)
                : isLabel(text.substring(0, dot)) && isLabel(text.substring(dot + 1));
    }

    public static boolean isLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    /** The host under which a workload of the mesh calls this service. */
    public String qualifiedHost() {
        return name + "." + namespace;
    }

    @Override
    public int compareTo(ServiceName other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : namespace.compareTo(other.namespace);
    }

    @Override
    public String toString() {
        return namespace.equals(DEFAULT_NAMESPACE) ? name : name + "." + namespace;
    }
}

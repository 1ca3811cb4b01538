// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

/**
 * A request as both proxies show it to the policy: one array and offsets into it. Starts are
 * inclusive, ends exclusive. What an implementation shows was validated before: the host is in
 * lower case without its port, the path went through {@link PathNormalizer}.
 */
public interface RequestView {

    /** Of an authority that names none. */
    int DEFAULT_PORT = 80;

    byte[] bytes();

    int methodStart();

    int methodEnd();

    int hostStart();

    int hostEnd();

    /**
     * The port that the client asked for. Between workloads that of the authority, {@value
     * #DEFAULT_PORT} where it has none; at the edge the one on which the request arrived, because
     * the authority is the client's to invent.
     */
    int port();

    int pathStart();

    int pathEnd();

    /** The query without its question mark, as it was sent; empty when there is none. */
    int queryStart();

    int queryEnd();

    /** The number of the first field of that name at or after field {@code from}, or -1. */
    int header(HeaderName name, int from);

    int valueStart(int header);

    int valueEnd(int header);
}

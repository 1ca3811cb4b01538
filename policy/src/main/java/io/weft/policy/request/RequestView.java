// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

/**
 * A request as both proxies show it to the policy: one array and offsets into it. Starts are
 * inclusive, ends exclusive. What an implementation shows was validated before: the host is in
 * lower case without its port, the path went through {@link PathNormalizer}.
 */
public interface RequestView {

    byte[] bytes();

    int methodStart();

    int methodEnd();

    int hostStart();

    int hostEnd();

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

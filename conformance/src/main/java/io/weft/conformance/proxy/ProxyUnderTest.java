// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A running proxy, in this process or in one of its own: the only thing that a suite knows of it.
 * Whoever starts it closes it.
 */
public interface ProxyUnderTest extends AutoCloseable {

    Plane plane();

    /** Where clients connect. */
    InetSocketAddress address();

    /**
     * What clients put into Host: the name that the suites' policies route to the service {@code
     * app}. The hostile inputs have it in their bytes.
     */
    default String authority() {
        return "a.test";
    }

    /** What its process uses right now. */
    ProcessFigures figures() throws IOException;

    /**
     * Every request refused since the start, one entry for each, oldest first. A limit on log lines
     * must not apply to it: the suites refuse thousands.
     */
    List<Rejection> rejections();

    /** Every line logged since the start. */
    List<String> log();

    /** Puts another policy in force; when this returns, new requests are served by it. */
    void updatePolicy(String policy) throws IOException;

    /** Changes the instances of a service; when this returns, new requests go to these. */
    void updateEndpoints(String service, List<Endpoint> endpoints) throws IOException;

    /** Starts a graceful drain and returns at once. */
    void drain() throws IOException;

    /** Stops it for good, with everything that it started. */
    @Override
    void close() throws IOException;
}

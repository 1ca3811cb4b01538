// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.io.IOException;

/**
 * What an upstream does with a request once its head has come. When it returns, the connection
 * serves the next request, unless the script ended it. It runs on a thread of its own connection
 * and may block.
 */
@FunctionalInterface
public interface Script {

    void serve(Exchange exchange) throws IOException, InterruptedException;
}

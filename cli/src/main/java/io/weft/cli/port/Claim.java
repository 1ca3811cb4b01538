// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.port;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;

/**
 * A port on loopback that is kept free for a process of ours, by listening on it, until the moment
 * when that process starts.
 *
 * @param wanted the documented port
 * @param port the port there is
 */
public record Claim(int wanted, int port, ServerSocket held) {

    /** Whether the documented port was taken by somebody else. */
    public boolean moved() {
        return wanted != port;
    }

    /** Lets go of the port, for the process that is going to listen there. */
    public void release() {
        try {
            held.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import java.io.IOException;

/** Something that can be started once. */
@FunctionalInterface
public interface Startable {

    Process start() throws IOException;
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.nio.file.Path;

/** One promise about change or failure. */
interface Drill {

    /**
     * Tries it.
     *
     * @param root of the repository, with the modules built
     * @return whether it was kept
     */
    boolean run(Path root) throws Exception;
}

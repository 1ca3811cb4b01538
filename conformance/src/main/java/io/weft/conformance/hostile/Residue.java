// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import static org.awaitility.Awaitility.await;

import io.weft.conformance.proxy.ProcessFigures;
import io.weft.conformance.proxy.ProxyUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process uses more than before, apart from 5 % and a few. The memory of this process is
 * left out, because the tests use it too.
 */
final class Residue {

    private static final long FEW_BYTES = 16L << 20;
    private static final long FEW_DESCRIPTORS = 64;
    private static final long FEW_THREADS = 16;

    private final ProcessFigures before;

    private Residue(ProcessFigures before) {
        this.before = before;
    }

    /** Compared with now, once the number of open descriptors stands still. */
    static Residue settled(ProxyUnderTest proxy) throws IOException {
        int[] last = {-1};
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(300))
                .until(
                        () -> {
                            int now = proxy.figures().fileDescriptors();
                            boolean still = now == last[0];
                            last[0] = now;
                            return still;
                        });
        return new Residue(proxy.figures());
    }

    List<String> of(ProcessFigures now) {
        List<String> found = new ArrayList<>();
        compare(
                "descriptors",
                before.fileDescriptors(),
                now.fileDescriptors(),
                FEW_DESCRIPTORS,
                found);
        compare("threads", before.threads(), now.threads(), FEW_THREADS, found);
        compare("direct memory", before.directBytes(), now.directBytes(), FEW_BYTES, found);
        if (!now.ofThisProcess()) {
            compare("RSS", before.residentBytes(), now.residentBytes(), FEW_BYTES, found);
        }
        return found;
    }

    private static void compare(String what, long before, long now, long few, List<String> found) {
        if (now > before + before / 20 + few) {
            found.add(what + ": " + before + " -> " + now);
        }
    }
}

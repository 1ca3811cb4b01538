// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.match;

import io.weft.policy.match.RouteDecision;
import io.weft.policy.match.RouteTable;
import io.weft.policy.request.PlainRequest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Matching the first and the last of each kind among 10,000 routes on one host. The two must not
 * differ, and nothing may be allocated: run with {@code -prof gc}, as {@code bench/match} does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
public class RouteMatchBenchmark {

    /** Which rule the request is for. */
    public enum Wanted {
        FIRST_PREFIX,
        LAST_PREFIX,
        FIRST_EXACT,
        LAST_EXACT,
        FIRST_HEADER,
        LAST_HEADER,
        FIRST_REGEX,
        LAST_REGEX
    }

    @Param public Wanted wanted = Wanted.FIRST_PREFIX;

    private final RouteTable table = ManyRoutes.table();
    private PlainRequest request = request("/");

    @Setup
    public void setUp() {
        int lastPath = ManyRoutes.ROUTES - ManyRoutes.HEADER_RULES - ManyRoutes.PATTERNS - 1;
        request =
                switch (wanted) {
                    case FIRST_PREFIX -> request(ManyRoutes.path(0) + "/x");
                    case LAST_PREFIX -> request(ManyRoutes.path(lastPath - 1) + "/x");
                    case FIRST_EXACT -> request(ManyRoutes.path(1));
                    case LAST_EXACT -> request(ManyRoutes.path(lastPath));
                    case FIRST_HEADER -> tenant(0);
                    case LAST_HEADER -> tenant(ManyRoutes.HEADER_RULES - 1);
                    case FIRST_REGEX -> request(ManyRoutes.covered(0));
                    case LAST_REGEX -> request(ManyRoutes.covered(ManyRoutes.PATTERNS - 1));
                };
        if (table.match(request) instanceof RouteDecision.Unmatched) {
            throw new IllegalStateException(wanted + " has no rule");
        }
    }

    private static PlainRequest request(String path) {
        return PlainRequest.of("GET", ManyRoutes.HOST, path)
                .header("user-agent", "bench")
                .header("accept", "*/*")
                .build();
    }

    private static PlainRequest tenant(int number) {
        return PlainRequest.of("GET", ManyRoutes.HOST, "/tenants/orders")
                .header("user-agent", "bench")
                .header("x-tenant", ManyRoutes.tenant(number))
                .build();
    }

    @Benchmark
    public RouteDecision match() {
        return table.match(request);
    }
}

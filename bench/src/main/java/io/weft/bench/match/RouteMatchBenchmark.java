// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.match;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.match.RouteDecision;
import io.weft.policy.match.RouteTable;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Matching the first and the last of each kind among 10,000 routes on one host, by turns of a tenth
 * of a millisecond on one thread, so that both run the same compiled code under the same
 * neighbours. The two must not differ, and nothing may be allocated: run with {@code -prof gc}, as
 * {@code bench/match} does.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 4, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 10, time = 1)
public class RouteMatchBenchmark {

    private static final int TURN = 1_000;

    private static final Caller VISITOR =
            Caller.of(ServiceName.GATEWAY, new byte[] {(byte) 192, 0, 2, 7});

    private static final int LAST_PATH =
            ManyRoutes.ROUTES - ManyRoutes.HEADER_RULES - ManyRoutes.PATTERNS - 1;

    /** How the rules that the requests are for tell theirs. */
    public enum Kind {
        PREFIX,
        EXACT,
        HEADER,
        REGEX
    }

    @Param public Kind kind = Kind.PREFIX;

    private final RouteTable table = ManyRoutes.table();
    private PlainRequest first = request("/");
    private PlainRequest last = request("/");

    @Setup
    public void setUp() {
        switch (kind) {
            case PREFIX -> {
                first = request(ManyRoutes.path(0) + "/x");
                last = request(ManyRoutes.path(LAST_PATH - 1) + "/x");
            }
            case EXACT -> {
                first = request(ManyRoutes.path(1));
                last = request(ManyRoutes.path(LAST_PATH));
            }
            case HEADER -> {
                first = tenant(0);
                last = tenant(ManyRoutes.HEADER_RULES - 1);
            }
            case REGEX -> {
                first = request(ManyRoutes.covered(0));
                last = request(ManyRoutes.covered(ManyRoutes.PATTERNS - 1));
            }
        }
        if (table.match(first, VISITOR).equals(table.match(last, VISITOR))
                || table.match(first, VISITOR) instanceof RouteDecision.Unmatched
                || table.match(last, VISITOR) instanceof RouteDecision.Unmatched) {
            throw new IllegalStateException(kind + " does not lead to two rules");
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

    /** Nanoseconds of an iteration that went to either. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Spent {
        public long first;
        public long last;
    }

    @Benchmark
    @OperationsPerInvocation(2 * TURN)
    public void match(Spent spent, Blackhole hole) {
        long begin = System.nanoTime();
        turn(first, hole);
        long middle = System.nanoTime();
        turn(last, hole);
        spent.first += middle - begin;
        spent.last += System.nanoTime() - middle;
    }

    private void turn(PlainRequest request, Blackhole hole) {
        for (int i = 0; i < TURN; i++) {
            hole.consume(table.match(request, VISITOR));
        }
    }
}

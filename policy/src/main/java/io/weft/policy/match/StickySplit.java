// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.request.Caller;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.Sticky;
import io.weft.policy.route.WeightedDestination;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Splits by who asks: each destination draws a number for them, the same each time, and the one
 * with the best number for its weight has them. Whoever has to move when weights change moves to a
 * destination whose share has grown, and nobody else does (weighted rendezvous hashing).
 *
 * @see <a href="https://doi.org/10.1145/1073970.1074008">Schindelhauer, Schomaker: Weighted
 *     distributed hash tables (SPAA 2005)</a>
 */
final class StickySplit {

    /** FNV-1a of 64 bits, finished as in SplitMix64. */
    private static final long OFFSET = 0xcbf29ce484222325L;

    private static final long PRIME = 0x100000001b3L;

    private final Sticky by;
    private final CookieReader cookie;
    private final long[] seeds;
    private final int[] weights;

    StickySplit(Sticky by, List<WeightedDestination> to) {
        this.by = by;
        this.cookie = new CookieReader(by instanceof Sticky.Cookie(String name) ? name : "");
        this.seeds =
                to.stream()
                        .map(each -> each.destination().toString())
                        .map(each -> each.getBytes(StandardCharsets.US_ASCII))
                        .mapToLong(each -> hash(each, 0, each.length))
                        .toArray();
        this.weights = to.stream().mapToInt(WeightedDestination::weight).toArray();
    }

    /**
     * The place of the destination of whoever asks, or -1 when the request does not say who.
     *
     * @param caller who sent it
     */
    int pick(RequestView request, Caller caller) {
        return switch (by) {
            case Sticky.None _ -> -1;
            case Sticky.Address _ -> best(caller.addressHash());
            case Sticky.Header(HeaderName name) -> {
                int field = request.header(name, 0);
                yield field < 0
                        ? -1
                        : pick(request.bytes(), request.valueStart(field), request.valueEnd(field));
            }
            case Sticky.Cookie _ -> byCookie(request);
        };
    }

    private int pick(byte[] bytes, int start, int end) {
        return start == end ? -1 : best(hash(bytes, start, end));
    }

    private int byCookie(RequestView request) {
        byte[] bytes = request.bytes();
        for (int field = request.header(CookieReader.COOKIE, 0);
                field >= 0;
                field = request.header(CookieReader.COOKIE, field + 1)) {
            int end = request.valueEnd(field);
            int value = cookie.find(bytes, request.valueStart(field), end);
            if (value >= 0) {
                return pick(bytes, value, CookieReader.pairEnd(bytes, value, end));
            }
        }
        return -1;
    }

    private int best(long who) {
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                double draw = ((mixed(who ^ seeds[i]) >>> 11) + 1) * 0x1.0p-53;
                double score = -Math.log(draw) / weights[i];
                if (score < least) {
                    least = score;
                    best = i;
                }
            }
        }
        return best;
    }

    static long hash(byte[] bytes, int start, int end) {
        long hash = OFFSET;
        for (int i = start; i < end; i++) {
            hash = (hash ^ bytes[i] & 0xff) * PRIME;
        }
        return mixed(hash);
    }

    private static long mixed(long value) {
        long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}

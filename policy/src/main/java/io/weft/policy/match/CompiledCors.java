// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.request.RequestView;
import io.weft.policy.route.Cors;
import io.weft.policy.route.OriginPattern;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Which pages may use the answers of a rule, ready to be asked. */
public final class CompiledCors {

    private final Cors cors;
    private final byte[][] exact;
    private final Below[] below;
    private final boolean any;

    /** Origins below a host; the bytes before what varies, and after it. */
    private record Below(byte[] scheme, byte[] suffix) {
        boolean covers(byte[] bytes, int start, int end) {
            int hostStart = start + scheme.length;
            int hostEnd = end - suffix.length;
            if (hostEnd <= hostStart
                    || !Arrays.equals(bytes, start, hostStart, scheme, 0, scheme.length)
                    || !Arrays.equals(bytes, hostEnd, end, suffix, 0, suffix.length)) {
                return false;
            }
            for (int i = hostStart; i < hostEnd; i++) {
                if (bytes[i] == '/' || bytes[i] == ':') {
                    return false;
                }
            }
            return true;
        }
    }

    CompiledCors(Cors cors) {
        this.cors = cors;
        this.exact =
                cors.origins().stream()
                        .filter(OriginPattern.Exact.class::isInstance)
                        .map(each -> ascii(each.toString()))
                        .toArray(byte[][]::new);
        this.below =
                cors.origins().stream()
                        .filter(OriginPattern.Below.class::isInstance)
                        .map(OriginPattern.Below.class::cast)
                        .map(each -> new Below(ascii(each.scheme()), ascii(each.suffix())))
                        .toArray(Below[]::new);
        this.any = cors.origins().stream().anyMatch(OriginPattern.Any.class::isInstance);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public Cors cors() {
        return cors;
    }

    /** Whether every page may, and need not be told by its name. */
    public boolean allowsAnybody() {
        return any && !cors.credentials();
    }

    /**
     * The field that names the page which asks, if it is one that may; otherwise -1. Two such
     * fields are none.
     */
    public int allowedOrigin(RequestView request) {
        int field = Candidate.onlyField(request, Cors.ORIGIN);
        return field >= 0
                        && allows(
                                request.bytes(), request.valueStart(field), request.valueEnd(field))
                ? field
                : -1;
    }

    private boolean allows(byte[] bytes, int start, int end) {
        if (any) {
            return true;
        }
        for (byte[] origin : exact) {
            if (Arrays.equals(bytes, start, end, origin, 0, origin.length)) {
                return true;
            }
        }
        for (Below each : below) {
            if (each.covers(bytes, start, end)) {
                return true;
            }
        }
        return false;
    }
}

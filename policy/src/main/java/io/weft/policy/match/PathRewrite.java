// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.route.Match;
import io.weft.policy.route.PathChange;
import io.weft.policy.route.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change of paths, ready to be applied without allocating. */
public final class PathRewrite {

    /** Leaves every path as it is. */
    public static final PathRewrite NONE = new PathRewrite(new byte[0], new byte[0]);

    /** What is taken away; null for everything. */
    private final byte @Nullable [] prefix;

    private final byte[] replacement;

    private PathRewrite(byte @Nullable [] prefix, byte[] replacement) {
        this.prefix = prefix;
        this.replacement = replacement;
    }

    /**
     * @param matches of the rule whose change it is
     */
    static PathRewrite of(@Nullable PathChange change, List<Match> matches) {
        return switch (change) {
            case null -> NONE;
            case PathChange.Full(String path) -> new PathRewrite(null, ascii(path));
            case PathChange.Prefix(String path) -> {
                String prefix =
                        matches.getFirst().path() instanceof PathMatch.Prefix(String found)
                                ? found
                                : "/";
                yield new PathRewrite(withoutSlash(prefix), withoutSlash(path));
            }
        };
    }

    private static byte[] withoutSlash(String path) {
        return ascii(path.equals("/") ? "" : path);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether every path stays as it is. */
    public boolean isNone() {
        return prefix != null && prefix.length == 0 && replacement.length == 0;
    }

    /** What becomes of a path in normal form, for explanations. */
    public String of(String path) {
        byte[] asked = ascii(path);
        byte[] arrives = new byte[room(asked.length)];
        int end = apply(asked, 0, asked.length, arrives, 0);
        return new String(arrives, 0, end, StandardCharsets.US_ASCII);
    }

    /** Room for what becomes of a path of some length. */
    public int room(int length) {
        return length + replacement.length + 1;
    }

    /**
     * Writes what becomes of a path in normal form.
     *
     * @param to with {@link #room}, from {@code at} on
     * @return where it ends
     */
    public int apply(byte[] path, int start, int end, byte[] to, int at) {
        int kept = end;
        byte[] written = replacement;
        if (prefix != null) {
            boolean has = isBelow(path, start, end, prefix);
            kept = has ? start + prefix.length : start;
            if (!has) {
                // Somebody has changed it in between: it is another request's, and stays.
                written = NONE.replacement;
            } else if (written.length > 0 && end - kept == 1 && prefix.length == 0) {
                kept = end;
            }
        }
        System.arraycopy(written, 0, to, at, written.length);
        int next = at + written.length;
        System.arraycopy(path, kept, to, next, end - kept);
        next += end - kept;
        if (next == at) {
            to[next++] = '/';
        }
        return next;
    }

    private static boolean isBelow(byte[] path, int start, int end, byte[] prefix) {
        int next = start + prefix.length;
        return next <= end
                && Arrays.equals(path, start, next, prefix, 0, prefix.length)
                && (next == end || path[next] == '/');
    }
}

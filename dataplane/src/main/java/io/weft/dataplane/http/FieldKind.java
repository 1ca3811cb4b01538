// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import io.weft.policy.request.HeaderName;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy does with a header field. Everything not listed here passes.
 *
 * <p>The table is the whole list of fields that mean something to a proxy: those that frame a
 * message, those that belong to one connection (RFC 9110 §7.6.1), and those that claim something
 * about the sender and are believed only when a proxy wrote them itself.
 */
enum FieldKind {
    PASS,
    HOST,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    CONNECTION,
    EXPECT,
    VIA,
    KEEP_ALIVE,
    UPGRADE,
    /** A response says that the request was not processed. */
    UNPROCESSED,
    /** A proxy says how much of a request's time is left; each writes what it finds. */
    REMAINING,
    /** An application says until when it waits, as it was told itself. */
    DEADLINE,
    /** A gRPC client says how long it waits; what goes on is what is left of it. */
    GRPC_TIMEOUT,
    /** The request is a copy, and nobody sees its answer. */
    SHADOW,
    /** Passes, and the Connection field cannot take it away. */
    PROTECTED,
    /** Passes to those who verify it, when it is one of the mesh's. */
    API_KEY,
    /** Says for whom the edge asks; passes only where the edge has written it. */
    FORWARDED,
    /** Does not pass. */
    DROPPED;

    private static final int SLOTS = 256;
    private static final @Nullable HeaderName[] NAMES = new HeaderName[SLOTS];
    private static final FieldKind[] KINDS = new FieldKind[SLOTS];

    private static final byte[] FORWARDED_PREFIX = ascii("x-forwarded-");
    private static final byte[] WEFT_PREFIX = ascii("x-weft-");

    static {
        put(HOST, "host");
        put(CONTENT_LENGTH, "content-length");
        put(TRANSFER_ENCODING, "transfer-encoding");
        put(CONNECTION, "connection");
        put(EXPECT, "expect");
        put(VIA, "via");
        put(KEEP_ALIVE, "keep-alive");
        put(UPGRADE, "upgrade");
        put(API_KEY, "x-api-key");
        put(UNPROCESSED, "x-weft-unprocessed");
        put(REMAINING, "x-weft-remaining-ms");
        put(DEADLINE, "x-weft-deadline");
        put(SHADOW, "x-weft-shadow");
        put(GRPC_TIMEOUT, "grpc-timeout");
        for (String name :
                new String[] {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}) {
            put(FORWARDED, name);
        }
        for (String name :
                new String[] {"authorization", "cookie", "set-cookie", "content-type", "date"}) {
            put(PROTECTED, name);
        }
        for (String name :
                new String[] {
                    "proxy-connection",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "te",
                    "trailer",
                    "http2-settings",
                    "forwarded",
                    "x-real-ip",
                    "true-client-ip",
                    "x-client-ip",
                    "x-cluster-client-ip",
                    "x-original-url",
                    "x-rewrite-url",
                    "x-original-host",
                    "x-host"
                }) {
            put(DROPPED, name);
        }
    }

    private static byte[] ascii(String text) {
        return HeaderName.of(text).bytes();
    }

    private static void put(FieldKind kind, String name) {
        HeaderName header = HeaderName.of(name);
        int slot = slot(header.hashCode());
        while (NAMES[slot] != null) {
            slot = (slot + 1) % SLOTS;
        }
        NAMES[slot] = header;
        KINDS[slot] = kind;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 11) & (SLOTS - 1);
    }

    /**
     * The kind of the field of this name, in whatever case.
     *
     * @param hash {@link HeaderName}'s hash of the name
     */
    static FieldKind of(byte[] bytes, int start, int end, int hash) {
        int slot = slot(hash);
        HeaderName name = NAMES[slot];
        while (name != null) {
            if (name.hashCode() == hash && name.is(bytes, start, end)) {
                return KINDS[slot];
            }
            slot = (slot + 1) % SLOTS;
            name = NAMES[slot];
        }
        return startsWith(bytes, start, end, FORWARDED_PREFIX)
                        || startsWith(bytes, start, end, WEFT_PREFIX)
                ? DROPPED
                : PASS;
    }

    private static boolean startsWith(byte[] bytes, int start, int end, byte[] prefix) {
        if (end - start < prefix.length || (bytes[start] | 0x20) != 'x') {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (HeaderName.tokenByte(bytes[start + i]) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether proxies or security care about this field, so that its name must not be vague. */
    boolean isSensitive() {
        return this != PASS;
    }

    /** Whether the field goes on to the next receiver as it came. */
    boolean passes() {
        return this == PASS || this == PROTECTED || this == API_KEY;
    }

    /** Whether a Connection field that names it would change what the message means. */
    boolean mustNotBeNominated() {
        return switch (this) {
            case HOST,
                    CONTENT_LENGTH,
                    TRANSFER_ENCODING,
                    EXPECT,
                    VIA,
                    PROTECTED,
                    API_KEY,
                    GRPC_TIMEOUT ->
                    true;
            case PASS,
                    CONNECTION,
                    KEEP_ALIVE,
                    UPGRADE,
                    UNPROCESSED,
                    REMAINING,
                    DEADLINE,
                    SHADOW,
                    FORWARDED,
                    DROPPED ->
                    false;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A block of IP addresses in CIDR notation (RFC 4632, RFC 4291). An IPv4 address that is written
 * within IPv6 ({@code ::ffff:10.0.0.1}) is the IPv4 address.
 */
public final class Network {

    public static final String SYNTAX =
            "an IP network such as 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32, without bits behind its"
                    + " prefix";

    private static final Pattern V4 =
            Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private final byte[] prefix;
    private final int length;

    private Network(byte[] prefix, int length) {
        this.prefix = prefix;
        this.length = length;
    }

    /**
     * Reads a network.
     *
     * @throws IllegalArgumentException when the text is none
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] prefix = plain(address(slash < 0 ? text : text.substring(0, slash), text));
        int length = prefix.length * 8;
        if (slash >= 0) {
            String given = text.substring(slash + 1);
            if (!LENGTH.matcher(given).matches()) {
                throw wrong(text);
            }
            int written = text.contains(":") ? 128 : 32;
            length -= written - Integer.parseInt(given);
        }
        if (length < 0 || length > prefix.length * 8 || hasBitsBehind(prefix, length)) {
            throw wrong(text);
        }
        return new Network(prefix, length);
    }

    /**
     * Reads an address, as strictly as a network: 4 bytes, or 16 when it is IPv6.
     *
     * @throws IllegalArgumentException when the text is none
     */
    public static byte[] address(String text) {
        return plain(address(text, text));
    }

    private static byte[] address(String address, String text) {
        try {
            if (V4.matcher(address).matches()) {
                return InetAddress.ofLiteral(address).getAddress();
            }
            if (V6.matcher(address).matches()) {
                return Inet6Address.ofLiteral(address).getAddress();
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(wrong(text).getMessage(), e);
        }
        throw wrong(text);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("network: " + text + " (expected: " + SYNTAX + ")");
    }

    private static boolean hasBitsBehind(byte[] address, int length) {
        for (int bit = length; bit < address.length * 8; bit++) {
            if ((address[bit / 8] & 0x80 >> bit % 8) != 0) {
                return true;
            }
        }
        return false;
    }

    /** IPv4 for an IPv4 address within IPv6, all others as they are. */
    static byte[] plain(byte[] address) {
        boolean mapped =
                address.length == 16
                        && Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        return mapped ? Arrays.copyOfRange(address, MAPPED.length, 16) : address;
    }

    static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address of " + address.length + " bytes", e);
        }
    }

    /** Whether an address belongs to the network; IPv4 is asked for with 4 bytes. */
    public boolean contains(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        int whole = length / 8;
        if (!Arrays.equals(address, 0, whole, prefix, 0, whole)) {
            return false;
        }
        int rest = length % 8;
        return rest == 0
                || (address[whole] & 0xff) >> 8 - rest == (prefix[whole] & 0xff) >> 8 - rest;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Network other
                && other.length == length
                && Arrays.equals(other.prefix, prefix);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(prefix) + length;
    }

    @Override
    public String toString() {
        return text(prefix) + "/" + length;
    }
}

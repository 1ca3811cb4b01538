// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.signin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Slows down who guesses passwords: so many attempts at once, then one now and then, counted per
 * user and address together, per address, and more generously per user, so that nobody can lock
 * somebody else out from afar. An attempt counts when it begins and is given back when it succeeds.
 */
public final class GuessBrake {

    /** Somebody who tries more names at the same time than this gets the oldest one back. */
    private static final int REMEMBERED = 50_000;

    private static final Limit PAIR = new Limit(10, Duration.ofSeconds(30));
    private static final Limit ADDRESS = new Limit(50, Duration.ofSeconds(5));
    private static final Limit USER = new Limit(100, Duration.ofSeconds(10));

    private record Limit(int atOnce, Duration each) {

        /** After this a bucket is full again, and forgotten. */
        Duration memory() {
            return each.multipliedBy(atOnce);
        }
    }

    private final Cache<String, Bucket> pairs;
    private final Cache<String, Bucket> addresses;
    private final Cache<String, Bucket> users;
    private final Ticker ticker;

    public GuessBrake(Ticker ticker) {
        this.ticker = ticker;
        this.pairs = buckets(PAIR);
        this.addresses = buckets(ADDRESS);
        this.users = buckets(USER);
    }

    private Cache<String, Bucket> buckets(Limit limit) {
        return Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterAccess(limit.memory())
                .ticker(ticker)
                .build();
    }

    /**
     * Takes an attempt.
     *
     * @return zero to go on, else how long to wait
     */
    public Duration attempt(String user, String address) {
        Duration longest = Duration.ZERO;
        for (Bucket each : bucketsOf(user, address)) {
            Duration wait = each.take(ticker.read());
            if (wait.compareTo(longest) > 0) {
                longest = wait;
            }
        }
        return longest;
    }

    /** Gives an attempt back: it was no guess. */
    public void succeeded(String user, String address) {
        for (Bucket each : bucketsOf(user, address)) {
            each.giveBack();
        }
    }

    private List<Bucket> bucketsOf(String user, String address) {
        String name = user.strip().toLowerCase(Locale.ROOT);
        String network = networkOf(address);
        return List.of(
                bucket(pairs, name + "\n" + network, PAIR),
                bucket(addresses, network, ADDRESS),
                bucket(users, name, USER));
    }

    private Bucket bucket(Cache<String, Bucket> buckets, String key, Limit limit) {
        return buckets.get(key, _ -> new Bucket(limit, ticker.read()));
    }

    /** Who has one IPv6 address has the 2^64 beside it. */
    private static String networkOf(String address) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            return parsed instanceof Inet6Address
                    ? Arrays.toString(Arrays.copyOf(parsed.getAddress(), Long.BYTES))
                    : parsed.getHostAddress();
        } catch (IllegalArgumentException e) {
            return address;
        }
    }

    private static final class Bucket {

        private final Limit limit;
        private double left;
        private long at;

        Bucket(Limit limit, long now) {
            this.limit = limit;
            this.left = limit.atOnce();
            this.at = now;
        }

        synchronized Duration take(long now) {
            long each = limit.each().toNanos();
            left = Math.min(limit.atOnce(), left + (double) (now - at) / each);
            at = now;
            if (left >= 1) {
                left--;
                return Duration.ZERO;
            }
            return Duration.ofNanos((long) ((1 - left) * each));
        }

        synchronized void giveBack() {
            left = Math.min(limit.atOnce(), left + 1);
        }
    }
}

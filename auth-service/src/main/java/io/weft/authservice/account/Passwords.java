// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.account;

import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * People's passwords: Argon2id, and bcrypt for those brought along. Each takes 16 MiB while it is
 * hashed, so no more than a few are at a time.
 */
public final class Passwords implements PasswordEncoder {

    /** Long enough for any sentence, short enough to be hashed at once. */
    public static final int LONGEST = 256;

    public static final int SHORTEST = 12;

    private static final int AT_A_TIME = 2 * Runtime.getRuntime().availableProcessors();

    private final PasswordEncoder encoder =
            new DelegatingPasswordEncoder(
                    "argon2",
                    Map.of(
                            "argon2",
                            Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8(),
                            "bcrypt",
                            new BCryptPasswordEncoder()));

    private final Semaphore places = new Semaphore(AT_A_TIME, true);

    @Override
    public @Nullable String encode(@Nullable CharSequence password) {
        places.acquireUninterruptibly();
        try {
            return encoder.encode(password);
        } finally {
            places.release();
        }
    }

    @Override
    public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
        if (password != null && password.length() > LONGEST) {
            return false;
        }
        places.acquireUninterruptibly();
        try {
            return encoder.matches(password, hash);
        } finally {
            places.release();
        }
    }

    @Override
    public boolean upgradeEncoding(@Nullable String hash) {
        return encoder.upgradeEncoding(hash);
    }
}

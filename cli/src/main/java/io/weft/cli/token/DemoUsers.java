// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.token;

import io.weft.cli.home.State;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.Properties;

/** The passwords of the people whom the demo profile of the auth service makes. */
public final class DemoUsers {

    private final Properties passwords;

    private DemoUsers(Properties passwords) {
        this.passwords = passwords;
    }

    public static DemoUsers of(State state) {
        Properties passwords = new Properties();
        try (Reader reader =
                Files.newBufferedReader(
                        state.data("auth-service").resolve("demo-users.properties"))) {
            passwords.load(reader);
        } catch (NoSuchFileException e) {
            return new DemoUsers(new Properties());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new DemoUsers(passwords);
    }

    public Optional<String> password(String name) {
        return Optional.ofNullable(passwords.getProperty(name));
    }
}

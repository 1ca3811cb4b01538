// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enrolment secrets that stand in a file. It is read for every enrolment by secret, which is small
 * and rare, so that a secret works as soon as it is written and not a moment after it is removed. A
 * line that is wrong costs only itself.
 */
final class DeclaredSecrets {

    private static final Logger log = LoggerFactory.getLogger(DeclaredSecrets.class);

    private static final int MIN_LENGTH = 32;

    private static final Set<PosixFilePermission> FOR_OTHERS =
            Set.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    private final @Nullable Path file;
    private volatile String complaint = "";

    DeclaredSecrets(@Nullable Path file) {
        this.file = file;
    }

    /** Whose secret that is, or null. */
    @Nullable ServiceName find(String secret) {
        return file == null ? null : read(file).get(Secrets.sha256(secret));
    }

    private Map<String, ServiceName> read(Path path) {
        var found = new HashMap<String, ServiceName>();
        var wrong = new StringBuilder();
        try {
            if (Files.getPosixFilePermissions(path).stream().anyMatch(FOR_OTHERS::contains)) {
                complain(path + " is not used: others can read or write it (expected: mode 0600)");
                return found;
            }
            int number = 0;
            for (String line : Files.readAllLines(path)) {
                number++;
                if (!line.isBlank() && !line.startsWith("#") && !take(line, found)) {
                    wrong.append(' ').append(number);
                }
            }
        } catch (NoSuchFileException e) {
            complain(path + " does not exist");
            return found;
        } catch (IOException e) {
            throw Refusal.unavailable("the secrets cannot be read");
        }
        complain(
                wrong.isEmpty()
                        ? ""
                        : path
                                + ": wrong lines"
                                + wrong
                                + " (expected: workload=secret, of at least "
                                + MIN_LENGTH
                                + " characters)");
        return found;
    }

    private static boolean take(String line, Map<String, ServiceName> found) {
        int equals = line.indexOf('=');
        if (equals < 0) {
            return false;
        }
        String workload = line.substring(0, equals).strip();
        String secret = line.substring(equals + 1).strip();
        if (!ServiceName.isName(workload) || secret.length() < MIN_LENGTH) {
            return false;
        }
        return found.putIfAbsent(Secrets.sha256(secret), ServiceName.parse(workload)) == null;
    }

    /** Once, until something else is wrong. */
    private void complain(String what) {
        if (!what.equals(complaint) && !what.isEmpty()) {
            log.error("Enrolment secrets: {}", what);
        }
        complaint = what;
    }
}

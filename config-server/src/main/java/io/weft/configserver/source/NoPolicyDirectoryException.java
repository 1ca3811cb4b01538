// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** None of the directories exists in which the policy should be. */
public final class NoPolicyDirectoryException extends RuntimeException {

    NoPolicyDirectoryException(List<Path> configured) {
        super(
                configured.isEmpty()
                        ? "No directory is configured to read the policy from."
                        : "There is no directory "
                                + configured.stream()
                                        .map(Path::toString)
                                        .collect(Collectors.joining(" and no directory "))
                                + " to read the policy from.");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import java.io.FileNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.cloud.config.server.environment.SearchPathLocator.Locations;
import org.springframework.util.ResourceUtils;

/** Config Server's locations as the directories to look through. */
final class Roots {

    private Roots() {}

    /** Absolute directories, none within another: the outer one's documents include its own. */
    static List<Path> of(Locations locations) {
        List<Path> all =
                Stream.of(locations.getLocations()).flatMap(Roots::directory).distinct().toList();
        return all.stream()
                .filter(path -> all.stream().noneMatch(o -> !o.equals(path) && path.startsWith(o)))
                .toList();
    }

    /** Nothing for locations that are not directories, such as those on the class path. */
    private static Stream<Path> directory(String location) {
        String fixed = location.replaceFirst("^optional:", "").replaceFirst("[*{].*$", "");
        if (fixed.startsWith(ResourceUtils.CLASSPATH_URL_PREFIX)) {
            return Stream.empty();
        }
        try {
            Path path = ResourceUtils.getFile(fixed).toPath();
            return Stream.of(path.toAbsolutePath().normalize());
        } catch (FileNotFoundException | InvalidPathException e) {
            return Stream.empty();
        }
    }
}

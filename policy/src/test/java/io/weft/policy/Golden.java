// SPDX-License-Identifier: Apache-2.0
package io.weft.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Pairs {@code name.in.yaml} and {@code name.out.json} under the test resources. With {@code
 * -Dweft.test.golden=write} what a test sees becomes what it expects; read the difference before
 * committing it.
 */
public record Golden(Path input) {

    private static final String INPUT = ".in.yaml";

    public static Stream<Golden> in(String directory) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources", directory))) {
            return files
                    .filter(file -> file.toString().endsWith(INPUT))
                    .sorted()
                    .map(Golden::new)
                    .toList()
                    .stream();
        }
    }

    public String name() {
        String file = input.getFileName().toString();
        return file.substring(0, file.length() - INPUT.length());
    }

    public String text() {
        try {
            return Files.readString(input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void assertGives(String output) {
        Path expected = input.resolveSibling(name() + ".out.json");
        try {
            if (System.getProperty("weft.test.golden", "").equals("write")) {
                Files.writeString(expected, output);
            }
            assertThat(output).as(name()).isEqualTo(Files.readString(expected));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}

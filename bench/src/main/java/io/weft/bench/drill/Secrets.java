// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What nobody but its owner may find anywhere, by what it is. */
final class Secrets {

    private static final int SHORTEST = 12;
    private static final int LONGEST_KEY_FILE = 64;

    private final Map<String, String> texts = new LinkedHashMap<>();

    /** Adds the secrets that a mesh keeps in its directory. */
    void of(Path weft) throws IOException {
        try (Stream<Path> files = Files.walk(weft)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = weft.relativize(file).toString();
                if (name.startsWith("secrets/") || name.matches(".*/demo-\\w+\\.properties")) {
                    lines(name, Files.readString(file));
                } else if (name.endsWith("operator.token")) {
                    add(name, Files.readString(file).strip());
                } else if (name.endsWith("identity/identity.pem")) {
                    privateKey(name, Files.readString(file));
                } else if (name.endsWith("seal.key")) {
                    seal(name, Files.readAllBytes(file));
                }
            }
        }
    }

    /** Of {@code name=secret} the secret, else all of a line. */
    private void lines(String name, String text) {
        text.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(line.indexOf('=') + 1).strip())
                .forEach(secret -> add(name, secret));
    }

    /** Its second line: the first is the same for all keys of a kind. */
    private void privateKey(String name, String pem) {
        List<String> lines = pem.lines().toList();
        add("key in " + name, lines.get(2));
    }

    private void seal(String name, byte[] bytes) {
        if (bytes.length <= LONGEST_KEY_FILE) {
            add(name, Base64.getEncoder().encodeToString(bytes));
            add(name + " in hex", HexFormat.of().formatHex(bytes));
            add(name + " as it is", new String(bytes, StandardCharsets.ISO_8859_1).strip());
        }
    }

    void add(String what, String text) {
        if (text.length() >= SHORTEST) {
            texts.put(text, what);
        }
    }

    int count() {
        return texts.size();
    }

    /** Which of them are in a text. */
    Set<String> in(String text) {
        var found = new TreeSet<String>();
        texts.forEach(
                (secret, what) -> {
                    if (text.contains(secret)) {
                        found.add(what);
                    }
                });
        return found;
    }
}

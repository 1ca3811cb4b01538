// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.demo;

import io.weft.authservice.client.SecretHash;
import io.weft.authservice.state.PrivateFile;
import io.weft.authservice.state.UnusableStateException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Secrets of the demo by name, in a file that only its owner can read. */
final class DemoProperties {

    private final PrivateFile file;
    private final Map<String, String> secrets = new TreeMap<>();

    DemoProperties(PrivateFile file) {
        this.file = file;
        byte[] content = file.read();
        String text = content == null ? "" : new String(content, StandardCharsets.US_ASCII);
        text.lines().filter(line -> line.indexOf('=') > 0).forEach(this::remember);
    }

    private void remember(String line) {
        int split = line.indexOf('=');
        secrets.put(line.substring(0, split), line.substring(split + 1));
    }

    boolean has(String name) {
        return secrets.containsKey(name);
    }

    /** The secret of this name, made if there is none. It is on the disk before it is returned. */
    String secret(String name) {
        String secret = secrets.get(name);
        if (secret != null) {
            return secret;
        }
        String fresh = SecretHash.newSecret();
        secrets.put(name, fresh);
        write();
        return fresh;
    }

    private void write() {
        var text = new StringBuilder();
        secrets.forEach(
                (name, secret) -> text.append(name).append('=').append(secret).append('\n'));
        try {
            file.write(text.toString().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UnusableStateException(file.path(), e.toString(), e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import io.weft.configserver.time.Ticker;
import io.weft.policy.compile.PolicyText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Documents in directories, as they stand there. A document that was emptied or taken away is
 * believed only after a moment: writers that truncate first, or delete before they create, must not
 * look like somebody who removes a service.
 */
final class DirectoryBackend implements Backend {

    /** How long a document that has gone still counts. */
    static final Duration GRACE = Duration.ofMillis(500);

    private final Supplier<List<Path>> roots;
    private final DocumentNames names;
    private final Ticker ticker;

    private final Map<Path, DocumentFile> files = new HashMap<>();
    private final Map<Path, Long> missingSince = new HashMap<>();
    private final Set<Path> seenRoots = new HashSet<>();
    private Set<Path> directories = Set.of();

    DirectoryBackend(Supplier<List<Path>> roots, DocumentNames names, Ticker ticker) {
        this.roots = roots;
        this.names = names;
        this.ticker = ticker;
    }

    @Override
    public Contents read(boolean fetch) throws UnreadableBackendException {
        List<Path> present = presentRoots();
        var current = new LinkedHashMap<Path, DocumentFile>();
        var found = new ArrayList<Found>();
        var visited = new HashSet<Path>();
        boolean settling = false;
        for (Path root : present) {
            var walk = new DirectoryWalk(root, names, files);
            walk.run();
            visited.addAll(walk.directories());
            settling |= keepWhatIsInDoubt(root, walk.documents());
            walk.documents().values().forEach(f -> found.add(new Found(root.toString(), f.text())));
            current.putAll(walk.documents());
        }
        files.clear();
        files.putAll(current);
        missingSince.keySet().retainAll(current.keySet());
        seenRoots.addAll(present);
        directories = Set.copyOf(visited);
        return new Contents(found, settling);
    }

    @Override
    public Set<Path> directories() {
        return directories;
    }

    /**
     * The roots that exist. One that existed and has gone is an unmounted volume until the server
     * is told otherwise by a restart, not the wish to be without a policy.
     */
    private List<Path> presentRoots() throws UnreadableBackendException {
        List<Path> all = roots.get();
        List<Path> present = all.stream().filter(Files::isDirectory).toList();
        for (Path root : all) {
            if (!present.contains(root) && (present.isEmpty() || seenRoots.contains(root))) {
                throw new UnreadableBackendException(root.toString(), "no such directory");
            }
        }
        if (present.isEmpty()) {
            throw new UnreadableBackendException("", "no directory is configured");
        }
        return present;
    }

    /** Puts documents back that went a moment ago; true if there were any. */
    private boolean keepWhatIsInDoubt(Path root, Map<Path, DocumentFile> now) {
        boolean doubt = false;
        for (Map.Entry<Path, DocumentFile> entry : Map.copyOf(files).entrySet()) {
            Path path = entry.getKey();
            DocumentFile before = entry.getValue();
            DocumentFile after = now.get(path);
            boolean gone = after == null || (after.isBlank() && !before.isBlank());
            if (!path.startsWith(root) || !gone || hasMoved(before.text(), now, files)) {
                continue;
            }
            long since = missingSince.computeIfAbsent(path, _ -> ticker.nanos());
            if (ticker.nanos() - since < GRACE.toNanos()) {
                now.put(path, before.toBeReadAgain());
                doubt = true;
            }
        }
        missingSince.keySet().removeIf(path -> isBack(path, now));
        return doubt;
    }

    private boolean isBack(Path path, Map<Path, DocumentFile> now) {
        DocumentFile file = now.get(path);
        return file != null && !file.isDoubted() && !file.isBlank();
    }

    /** Whether the same text stands in a file that is new. */
    private static boolean hasMoved(
            PolicyText text, Map<Path, DocumentFile> now, Map<Path, DocumentFile> before) {
        return now.entrySet().stream()
                .filter(entry -> !before.containsKey(entry.getKey()))
                .anyMatch(entry -> entry.getValue().text().text().equals(text.text()));
    }
}

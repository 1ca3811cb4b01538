// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import io.weft.policy.compile.PolicyText;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.config.server.environment.SearchPathLocator;
import org.springframework.cloud.config.server.environment.SearchPathLocator.Locations;
import org.springframework.core.NestedExceptionUtils;

/**
 * Documents in a commit. They are read from git's objects, not from the work tree: an ordinary
 * client that asks Config Server for another label makes it check that label out, at any moment and
 * in the same directory.
 */
final class GitBackend implements Backend {

    private final SearchPathLocator locator;
    private final Request request;
    private final DocumentNames names;
    private @Nullable Commit last;

    GitBackend(SearchPathLocator locator, Request request, DocumentNames names) {
        this.locator = locator;
        this.request = request;
        this.names = names;
    }

    /** What the locator is asked for. */
    record Request(String profile, @Nullable String label) {
        Locations ask(SearchPathLocator locator) {
            return locator.getLocations("application", profile, label);
        }
    }

    private record Commit(String id, List<Path> roots, Contents contents) {}

    @Override
    public Contents read(boolean fetch) throws UnreadableBackendException {
        if (last != null && !fetch) {
            return last.contents;
        }
        try {
            Locations locations = request.ask(locator);
            List<Path> roots = Roots.of(locations);
            if (last == null
                    || !last.id.equals(locations.getVersion())
                    || !last.roots.equals(roots)) {
                last = new Commit(locations.getVersion(), roots, read(roots, locations));
            }
            return last.contents;
        } catch (RuntimeException | IOException e) {
            Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
            throw new UnreadableBackendException("git", e.getMessage() + " (" + cause + ")");
        }
    }

    @Override
    public Set<Path> directories() {
        return Set.of();
    }

    private Contents read(List<Path> roots, Locations locations) throws IOException {
        var found = new ArrayList<Found>();
        for (Path root : roots) {
            File gitDirectory = new FileRepositoryBuilder().findGitDir(root.toFile()).getGitDir();
            if (gitDirectory == null) {
                throw new IOException("no git repository around " + root);
            }
            try (Repository repository =
                    new FileRepositoryBuilder().setGitDir(gitDirectory).build()) {
                read(repository, root, ObjectId.fromString(locations.getVersion()), found);
            }
        }
        return new Contents(found, false);
    }

    private void read(Repository repository, Path root, ObjectId commit, List<Found> found)
            throws IOException {
        Path workTree = repository.getWorkTree().toPath().toAbsolutePath().normalize();
        String prefix = workTree.relativize(root).toString().replace('\\', '/');
        try (var commits = new RevWalk(repository);
                var tree = new TreeWalk(repository)) {
            tree.addTree(commits.parseCommit(commit).getTree());
            tree.setRecursive(true);
            if (!prefix.isEmpty()) {
                tree.setFilter(PathFilter.create(prefix));
            }
            while (tree.next()) {
                String path = tree.getPathString();
                String name = prefix.isEmpty() ? path : path.substring(prefix.length() + 1);
                if (isFile(tree) && names.includes(name)) {
                    found.add(new Found(root.toString(), text(repository, tree, name)));
                }
            }
        }
    }

    private static boolean isFile(TreeWalk tree) {
        FileMode mode = tree.getFileMode(0);
        return mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
    }

    private static PolicyText text(Repository repository, TreeWalk tree, String name)
            throws IOException {
        ObjectLoader blob = repository.open(tree.getObjectId(0));
        return blob.getSize() > DocumentBytes.MAX_BYTES
                ? DocumentBytes.tooLarge(name, blob.getSize())
                : DocumentBytes.decode(name, blob.getBytes(DocumentBytes.MAX_BYTES));
    }
}

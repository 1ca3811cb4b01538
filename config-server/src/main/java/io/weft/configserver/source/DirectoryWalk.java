// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import io.weft.configserver.source.Backend.UnreadableBackendException;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One look through a directory, following links, reading again only what has changed. */
final class DirectoryWalk extends SimpleFileVisitor<Path> {

    private static final int MAX_DEPTH = 16;

    private final Path root;
    private final DocumentNames names;
    private final Map<Path, DocumentFile> before;
    private final Map<Path, DocumentFile> documents = new LinkedHashMap<>();
    private final Set<Path> directories = new HashSet<>();

    DirectoryWalk(Path root, DocumentNames names, Map<Path, DocumentFile> before) {
        this.root = root;
        this.names = names;
        this.before = before;
    }

    void run() throws UnreadableBackendException {
        try {
            var options = EnumSet.of(FileVisitOption.FOLLOW_LINKS);
            Files.walkFileTree(root, options, MAX_DEPTH, this);
            watchTheLinkTo(root);
        } catch (IOException e) {
            throw new UnreadableBackendException(root.toString(), e.toString());
        }
    }

    /** By path below the root, in no particular order. */
    Map<Path, DocumentFile> documents() {
        return documents;
    }

    Set<Path> directories() {
        return directories;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        if (!directory.equals(root) && DocumentNames.isHidden(directory.getFileName().toString())) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        directories.add(directory);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        String name = root.relativize(file).toString().replace('\\', '/');
        if (!attributes.isRegularFile() || !names.includes(name)) {
            return FileVisitResult.CONTINUE;
        }
        if (documents.size() == DocumentBytes.MAX_DOCUMENTS) {
            throw new IOException("more than " + DocumentBytes.MAX_DOCUMENTS + " documents");
        }
        watchTheLinkTo(file);
        DocumentFile known = before.get(file);
        try {
            documents.put(
                    file,
                    known != null && known.isUnchanged(attributes)
                            ? known
                            : DocumentFile.read(file, name));
        } catch (NoSuchFileException e) {
            // It went after it was listed: no document.
        }
        return FileVisitResult.CONTINUE;
    }

    /** What a link points to may change while nothing happens beside the link. */
    private void watchTheLinkTo(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            directories.add(path.toRealPath().getParent());
            directories.add(path.toAbsolutePath().getParent());
        }
    }

    /** A dangling link or a loop is nothing; a directory that may not be read hides documents. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (e instanceof NoSuchFileException || e instanceof FileSystemLoopException) {
            return FileVisitResult.CONTINUE;
        }
        throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
            throws IOException {
        if (e != null && !(e instanceof NoSuchFileException)) {
            throw e;
        }
        return FileVisitResult.CONTINUE;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import io.weft.configserver.source.Backend.Contents;
import io.weft.configserver.source.Backend.Found;
import io.weft.configserver.source.Backend.UnreadableBackendException;
import io.weft.configserver.source.GitBackend.Request;
import io.weft.configserver.time.Ticker;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.problem.Position;
import io.weft.policy.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.cloud.config.server.environment.JGitEnvironmentRepository;
import org.springframework.cloud.config.server.environment.SearchPathLocator;

/**
 * All documents of all of Config Server's backends. To be used by one thread; a backend that cannot
 * be read keeps the documents it had.
 */
public final class PolicySource {

    private final List<Backend> backends = new ArrayList<>();
    private final Map<Backend, Contents> lastContents = new HashMap<>();
    private final List<Path> configured = new ArrayList<>();
    private final boolean remote;

    /**
     * @param locators Config Server's backends, in the order of their precedence
     */
    public PolicySource(List<SearchPathLocator> locators, PolicySettings settings, Ticker ticker) {
        var names = new DocumentNames(settings.paths());
        var profile =
                settings.profiles().isEmpty() ? "default" : String.join(",", settings.profiles());
        var request = new Request(profile, settings.label());
        for (SearchPathLocator locator : locators) {
            if (locator instanceof JGitEnvironmentRepository) {
                backends.add(new GitBackend(locator, request, names));
            } else {
                backends.add(
                        new DirectoryBackend(() -> Roots.of(request.ask(locator)), names, ticker));
                configured.addAll(Roots.of(request.ask(locator)));
            }
        }
        this.remote = locators.stream().anyMatch(JGitEnvironmentRepository.class::isInstance);
    }

    /** Whether there is a backend that has to be asked for news. */
    public boolean isRemote() {
        return remote;
    }

    /**
     * Fails when there is nothing to read from and never will be, which is a mistake in the
     * settings.
     *
     * @throws NoPolicyDirectoryException when all backends are directories and none exists
     */
    public void requireDirectory() {
        if (!remote && configured.stream().noneMatch(Files::isDirectory)) {
            throw new NoPolicyDirectoryException(configured);
        }
    }

    /**
     * Reads what has changed.
     *
     * @param fetch whether remotes are to be asked for news, which takes its time
     */
    public Reading read(boolean fetch) {
        var problems = new ArrayList<Problem>();
        boolean settling = false;
        boolean unknown = false;
        var texts = new LinkedHashMap<String, PolicyText>();
        for (Backend backend : backends) {
            try {
                lastContents.put(backend, backend.read(fetch));
            } catch (UnreadableBackendException e) {
                problems.add(problem(e));
            }
            Contents contents = lastContents.get(backend);
            if (contents == null) {
                unknown = true;
            } else {
                settling |= contents.settling();
                contents.found().forEach(found -> add(found, texts));
            }
        }
        return unknown
                ? new Reading.Unavailable(problems)
                : new Reading.Documents(List.copyOf(texts.values()), problems, settling);
    }

    /** The directories in which a change would change the documents, as of the last reading. */
    public Set<Path> directories() {
        var directories = new HashSet<Path>();
        backends.forEach(backend -> directories.addAll(backend.directories()));
        return directories;
    }

    /** Documents of one name in two places are two documents, the second by its full name. */
    private static void add(Found found, Map<String, PolicyText> texts) {
        PolicyText text = found.text();
        if (texts.putIfAbsent(text.file(), text) != null) {
            String full = found.origin() + "/" + text.file();
            texts.putIfAbsent(full, new PolicyText(full, text.text(), text.unreadable()));
        }
    }

    private static Problem problem(UnreadableBackendException e) {
        return new Problem(
                Position.of(e.place()),
                "",
                "",
                "cannot be read, its documents stay as they were: " + e.getMessage(),
                "");
    }
}

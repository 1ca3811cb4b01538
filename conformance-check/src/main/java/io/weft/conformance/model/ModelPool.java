// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

import io.weft.conformance.proxy.Endpoint;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Kept upstream connections. */
final class ModelPool {

    private final Map<Endpoint, Deque<ModelLine>> idle = new ConcurrentHashMap<>();
    private final int capacity;
    private final boolean keepsPoisoned;
    private List<Endpoint> endpoints;

    ModelPool(List<Endpoint> endpoints, int capacity, boolean keepsPoisoned) {
        this.endpoints = List.copyOf(endpoints);
        this.capacity = capacity;
        this.keepsPoisoned = keepsPoisoned;
    }

    synchronized void endpoints(List<Endpoint> now) {
        endpoints = List.copyOf(now);
        idle.entrySet().stream()
                .filter(entry -> !now.contains(entry.getKey()))
                .forEach(entry -> entry.getValue().forEach(ModelLine::close));
        idle.keySet().retainAll(now);
    }

    /** A connection to one of the instances, a kept one if there is and it may be. */
    ModelLine take(Optional<String> version, boolean fresh) throws IOException {
        List<Endpoint> candidates = candidates(version);
        int start =
                candidates.isEmpty() ? 0 : ThreadLocalRandom.current().nextInt(candidates.size());
        IOException failure = new IOException("no instance");
        for (int i = 0; i < candidates.size(); i++) {
            Endpoint endpoint = candidates.get((start + i) % candidates.size());
            Optional<ModelLine> kept = fresh ? Optional.empty() : kept(endpoint);
            if (kept.isPresent()) {
                return kept.get();
            }
            try {
                return ModelLine.connect(endpoint, capacity);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    synchronized void give(ModelLine line) {
        line.markUsed();
        boolean poisoned = !line.isQuiet() && !keepsPoisoned;
        if (!endpoints.contains(line.endpoint()) || poisoned) {
            line.close();
            return;
        }
        Deque<ModelLine> lines = idle.computeIfAbsent(line.endpoint(), _ -> new ArrayDeque<>());
        lines.push(line);
        if (!keepsPoisoned) {
            line.in().watchedBy(() -> disturbed(line));
        }
        if (!line.isQuiet() && !keepsPoisoned) {
            disturbed(line);
        }
    }

    synchronized void close() {
        idle.values().forEach(lines -> lines.forEach(ModelLine::close));
        idle.clear();
    }

    private synchronized void disturbed(ModelLine line) {
        Deque<ModelLine> lines = idle.get(line.endpoint());
        // Told late of what the answer before was made of, too.
        if (lines != null && !line.isQuiet() && lines.remove(line)) {
            line.close();
        }
    }

    private synchronized Optional<ModelLine> kept(Endpoint endpoint) {
        Deque<ModelLine> lines = idle.get(endpoint);
        if (lines == null || lines.isEmpty()) {
            return Optional.empty();
        }
        ModelLine line = lines.pop();
        line.in().watchedBy(() -> {});
        return Optional.of(line);
    }

    private synchronized List<Endpoint> candidates(Optional<String> version) {
        return new ArrayList<>(
                endpoints.stream()
                        .filter(
                                e ->
                                        version.isEmpty()
                                                || version.get().equals(e.labels().get("version")))
                        .toList());
    }
}

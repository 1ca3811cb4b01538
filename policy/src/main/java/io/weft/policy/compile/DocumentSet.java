// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.compile.Document.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Files as documents with their profile variants, by Spring's convention: {@code shop-prod.yml} is
 * {@code shop.yml} under the profile {@code prod} whenever both stand in one directory.
 */
final class DocumentSet {

    private final List<Document> documents = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();

    /**
     * @param profiles the active ones, the strongest last
     */
    DocumentSet(List<PolicyText> texts, List<String> profiles) {
        Set<String> stems =
                texts.stream().map(text -> stem(text.file())).collect(Collectors.toSet());
        Map<String, List<Ranked>> byDocument = new TreeMap<>();
        for (PolicyText text : texts) {
            String stem = stem(text.file());
            String base = base(stem, stems);
            int rank = base == null ? 0 : profiles.indexOf(stem.substring(base.length() + 1)) + 1;
            if (base != null && rank == 0) {
                ignored.add(text.file());
            } else {
                byDocument
                        .computeIfAbsent(base == null ? stem : base, _ -> new ArrayList<>())
                        .add(new Ranked(rank, text));
            }
        }
        for (List<Ranked> all : byDocument.values()) {
            List<Part> parts = parts(all);
            documents.add(new Document(parts.getFirst().text().file(), parts, profiles));
        }
    }

    List<Document> documents() {
        return documents;
    }

    /** The files that are variants for profiles which are not active. */
    List<String> ignored() {
        return ignored;
    }

    private static List<Part> parts(List<Ranked> texts) {
        return texts.stream()
                .sorted(
                        Comparator.comparingInt(Ranked::rank)
                                .thenComparing(ranked -> ranked.text.file()))
                .map(ranked -> new Part(ranked.text, ranked.rank > 0))
                .toList();
    }

    private static String stem(String file) {
        int dot = file.lastIndexOf('.');
        return dot > file.lastIndexOf('/') ? file.substring(0, dot) : file;
    }

    /**
     * The shortest other stem that this one extends by a dash and a profile; a longer one would be
     * a variant itself.
     */
    private static @Nullable String base(String stem, Set<String> stems) {
        for (int dash = stem.indexOf('-', stem.lastIndexOf('/') + 2);
                dash > 0;
                dash = stem.indexOf('-', dash + 1)) {
            String shorter = stem.substring(0, dash);
            if (stems.contains(shorter)) {
                return shorter;
            }
        }
        return null;
    }

    /**
     * @param rank 0 for the document itself, else the place of its profile, from 1
     */
    private record Ranked(int rank, PolicyText text) {}
}

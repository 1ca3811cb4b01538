// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files as documents with their profile variants, by Spring's convention: {@code shop-prod.yml} is
 * {@code shop.yml} under the profile {@code prod} whenever both stand in one directory.
 */
final class DocumentSet {

    private final List<Document> documents = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();

    DocumentSet(List<PolicyText> texts, List<String> profiles) {
        Set<String> stems = new HashSet<>();
        texts.forEach(text -> stems.add(stem(text.file())));
        Map<String, List<PolicyText>> byDocument = new TreeMap<>();
        for (PolicyText text : inOrder(texts, profiles)) {
            String stem = stem(text.file());
            String base = base(stem, stems);
            if (base == null) {
                byDocument.computeIfAbsent(stem, _ -> new ArrayList<>()).add(text);
            } else if (profiles.contains(stem.substring(base.length() + 1))) {
                byDocument.computeIfAbsent(base, _ -> new ArrayList<>()).add(text);
            } else {
                ignored.add(text.file());
            }
        }
        byDocument.forEach((name, parts) -> documents.add(new Document(name, parts, profiles)));
    }

    List<Document> documents() {
        return documents;
    }

    List<String> ignored() {
        return ignored;
    }

    /** Bases before variants, variants in the order of the profiles. */
    private static List<PolicyText> inOrder(List<PolicyText> texts, List<String> profiles) {
        return texts.stream()
                .sorted(
                        Comparator.comparingInt((PolicyText text) -> strength(text, profiles))
                                .thenComparing(PolicyText::file))
                .toList();
    }

    private static int strength(PolicyText text, List<String> profiles) {
        String stem = stem(text.file());
        for (int i = 0; i < profiles.size(); i++) {
            if (stem.endsWith("-" + profiles.get(i))) {
                return i + 1;
            }
        }
        return 0;
    }

    private static String stem(String file) {
        int dot = file.lastIndexOf('.');
        return dot > file.lastIndexOf('/') ? file.substring(0, dot) : file;
    }

    /** The longest other stem that this one extends by a dash and a profile. */
    private static @Nullable String base(String stem, Set<String> stems) {
        for (int dash = stem.lastIndexOf('-');
                dash > stem.lastIndexOf('/') + 1;
                dash = stem.lastIndexOf('-', dash - 1)) {
            String shorter = stem.substring(0, dash);
            if (stems.contains(shorter)) {
                return shorter;
            }
        }
        return null;
    }
}

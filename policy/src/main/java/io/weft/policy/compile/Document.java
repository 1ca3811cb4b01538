// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.document.Node;
import io.weft.policy.document.Node.Entry;
import io.weft.policy.document.Node.Mapping;
import io.weft.policy.document.Node.Scalar;
import io.weft.policy.document.Node.Sequence;
import io.weft.policy.document.YamlReader;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.problem.Position;
import io.weft.policy.problem.Problem;
import io.weft.policy.problem.Suggestions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one document declares, its active profile variants merged in: maps key by key, lists whole.
 * Whatever the document leaves unclear about a kind of object is remembered, because silence would
 * look like removal.
 */
final class Document {

    static final String TRUST_DOMAIN = "trust-domain";

    /** Roots under {@code weft.} that are ordinary Spring settings and none of our business. */
    private static final Set<String> SETTINGS =
            Set.of("agent", "gateway", "control-plane", "auth", "telemetry", "demo");

    private static final List<String> ROOTS =
            Stream.concat(
                            Stream.of(TRUST_DOMAIN),
                            Stream.of(ObjectKind.values()).map(ObjectKind::root))
                    .toList();

    /** An object's declaration. */
    record Declaration(Scalar key, Node value) {}

    private final String name;
    private final List<String> profiles;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<ObjectKey, Declaration> declarations = new LinkedHashMap<>();
    private final Set<ObjectKey> unclear = new HashSet<>();
    private final Set<ObjectKind> unclearKinds = EnumSet.noneOf(ObjectKind.class);
    private @Nullable Declaration trustDomain;

    /**
     * @param texts the document itself, then its active variants, the strongest last
     */
    Document(String name, List<PolicyText> texts, List<String> profiles) {
        this.name = name;
        this.profiles = profiles;
        texts.forEach(this::read);
    }

    /** Objects that came as nodes, each declared once and clearly. */
    Document(String name, Map<ObjectKey, Node> objects) {
        this.name = name;
        this.profiles = List.of();
        objects.forEach(
                (key, node) -> {
                    var scalar = new Scalar(node.at(), key.name(), true);
                    declarations.put(key, new Declaration(scalar, node));
                });
    }

    String name() {
        return name;
    }

    List<Problem> problems() {
        return problems;
    }

    Map<ObjectKey, Declaration> declarations() {
        return declarations;
    }

    @Nullable Declaration trustDomain() {
        return trustDomain;
    }

    /** Whether this document may have meant to declare an object that it does not declare. */
    boolean isUnclearAbout(ObjectKey key) {
        return unclearKinds.contains(key.kind()) || unclear.contains(key);
    }

    private void read(PolicyText text) {
        if (text.unreadable() != null) {
            problems.add(new Problem(Position.of(text.file()), "", "", text.unreadable(), ""));
            unclearKinds.addAll(EnumSet.allOf(ObjectKind.class));
            return;
        }
        switch (YamlReader.read(text.file(), text.text())) {
            case YamlReader.Reading.Unreadable(Problem problem) -> {
                problems.add(problem);
                unclearKinds.addAll(EnumSet.allOf(ObjectKind.class));
            }
            case YamlReader.Reading.Documents(List<Node> roots) -> roots.forEach(this::readRoot);
        }
    }

    private void readRoot(Node root) {
        if (!(root instanceof Mapping mapping) || !isActive(mapping)) {
            return;
        }
        var seen = new HashSet<String>();
        for (Entry entry : mapping.entries()) {
            String key = entry.key().text();
            if (!seen.add(key) && key.equals("weft")) {
                unreadable(entry.key(), "weft", "duplicate key", "each key once");
            } else if (key.equals("weft")) {
                readPolicy(entry.value());
            } else if (key.startsWith("weft.") && !isSetting(key.substring("weft.".length()))) {
                unreadable(entry.key(), key, "dotted key", "policy as nested maps under weft:");
            }
        }
    }

    private static boolean isSetting(String key) {
        int dot = key.indexOf('.');
        return SETTINGS.contains(dot < 0 ? key : key.substring(0, dot));
    }

    private void readPolicy(Node policy) {
        if (!(policy instanceof Mapping mapping)) {
            if (!(policy instanceof Scalar scalar && scalar.isNothing())) {
                unreadable(policy, "weft", "wrong type", "a map");
            }
            return;
        }
        var seen = new HashSet<String>();
        for (Entry entry : mapping.entries()) {
            String root = entry.key().text();
            if (isSetting(root)) {
                continue;
            }
            if (!seen.add(root)) {
                unreadable(entry.key(), "weft." + root, "duplicate key", "each key once");
            } else if (root.equals(TRUST_DOMAIN)) {
                trustDomain = new Declaration(entry.key(), entry.value());
            } else if (ROOTS.contains(root)) {
                readObjects(ObjectKind.values()[ROOTS.indexOf(root) - 1], entry.value());
            } else {
                problems.add(
                        new Problem(
                                entry.key().at(),
                                "weft." + root,
                                root,
                                "unknown key",
                                "one of: " + String.join(", ", ROOTS),
                                Suggestions.nearest(root, ROOTS)));
                mistaken(mapping);
            }
        }
    }

    /** A misspelt root may be any kind that the document does not mention otherwise. */
    private void mistaken(Mapping policy) {
        List<String> mentioned = policy.entries().stream().map(e -> e.key().text()).toList();
        Stream.of(ObjectKind.values())
                .filter(kind -> !mentioned.contains(kind.root()))
                .forEach(unclearKinds::add);
    }

    private void readObjects(ObjectKind kind, Node node) {
        if (node instanceof Scalar scalar && scalar.isNothing()) {
            return;
        }
        String path = "weft." + kind.root();
        if (!(node instanceof Mapping mapping)) {
            problems.add(
                    new Problem(node.at(), path, node.shown(), "wrong type", "a map of names"));
            unclearKinds.add(kind);
            return;
        }
        var seen = new HashSet<String>();
        for (Entry entry : mapping.entries()) {
            var key = new ObjectKey(kind, entry.key().text());
            if (seen.add(key.name())) {
                declarations.merge(
                        key, new Declaration(entry.key(), entry.value()), Document::override);
            } else {
                problems.add(
                        new Problem(
                                entry.key().at(),
                                path + "." + key.name(),
                                key.name(),
                                "duplicate key",
                                "each name once"));
                unclear.add(key);
            }
        }
        declarations.keySet().removeAll(unclear);
    }

    private static Declaration override(Declaration base, Declaration variant) {
        return new Declaration(variant.key, merge(base.value, variant.value));
    }

    private static Node merge(Node base, Node variant) {
        if (!(base instanceof Mapping below && variant instanceof Mapping above)) {
            return variant;
        }
        var entries = new ArrayList<Entry>();
        var merged = new HashSet<String>();
        for (Entry entry : below.entries()) {
            Entry over = find(above, entry.key().text());
            entries.add(
                    over == null
                            ? entry
                            : new Entry(over.key(), merge(entry.value(), over.value())));
            merged.add(entry.key().text());
        }
        above.entries().stream()
                .filter(e -> !merged.contains(e.key().text()))
                .forEach(entries::add);
        return new Mapping(above.at(), entries);
    }

    private static @Nullable Entry find(Mapping mapping, String key) {
        for (Entry entry : mapping.entries()) {
            if (entry.key().text().equals(key)) {
                return entry;
            }
        }
        return null;
    }

    /** Obeys {@code spring.config.activate.on-profile} as far as it is a list of names. */
    private boolean isActive(Mapping root) {
        Node condition = at(at(at(at(root, "spring"), "config"), "activate"), "on-profile");
        if (condition == null) {
            condition = at(root, "spring.config.activate.on-profile");
        }
        if (condition == null) {
            return true;
        }
        var names = new ArrayList<String>();
        if (condition instanceof Sequence sequence) {
            sequence.items().forEach(item -> names.add(item.shown()));
        } else {
            names.addAll(List.of(condition.shown().split("\\s*,\\s*")));
        }
        if (names.stream().anyMatch(profile -> profile.matches(".*[!&|()].*"))) {
            unreadable(
                    condition,
                    "spring.config.activate.on-profile",
                    "profile expression",
                    "names of profiles");
            return false;
        }
        return names.stream().anyMatch(profiles::contains);
    }

    private static @Nullable Node at(@Nullable Node node, String key) {
        Entry entry = node instanceof Mapping mapping ? find(mapping, key) : null;
        return entry == null ? null : entry.value();
    }

    private void unreadable(Node node, String path, String message, String expected) {
        problems.add(new Problem(node.at(), path, node.shown(), message, expected));
        unclearKinds.addAll(EnumSet.allOf(ObjectKind.class));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.document.Node;
import io.weft.policy.document.Node.Entry;
import io.weft.policy.document.Node.Mapping;
import io.weft.policy.document.Node.Refused;
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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
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

    private static final String ON_PROFILE = "spring.config.activate.on-profile";
    private static final Pattern PROFILE_EXPRESSION = Pattern.compile("[!&|()]");

    /** What stands under a name. */
    record Declaration(Scalar key, Node value) {}

    /**
     * One text of the document.
     *
     * @param variant whether it may override what the texts before it declare
     */
    record Part(PolicyText text, boolean variant) {}

    private final String name;
    private final List<String> profiles;
    private final boolean carried;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<ObjectKey, List<Declaration>> declarations = new LinkedHashMap<>();
    private final List<Declaration> trustDomains = new ArrayList<>();
    private final Set<ObjectKind> unclearKinds = EnumSet.noneOf(ObjectKind.class);
    private boolean trustDomainUnclear;

    /**
     * @param name the file that a message about the whole document names
     * @param parts the document itself, then its active variants, the strongest last
     */
    Document(String name, List<Part> parts, List<String> profiles) {
        this.name = name;
        this.profiles = profiles;
        this.carried = false;
        parts.forEach(this::read);
    }

    /** Objects that came as nodes, each declared once and clearly. */
    Document(String name, Map<ObjectKey, Node> objects) {
        this.name = name;
        this.profiles = List.of();
        this.carried = true;
        objects.forEach(
                (key, node) -> {
                    var scalar = new Scalar(node.at(), key.name(), true);
                    declarations.put(key, List.of(new Declaration(scalar, node)));
                });
    }

    String name() {
        return name;
    }

    /** Whether the objects have the form in which control plane and proxies carry them. */
    boolean isCarried() {
        return carried;
    }

    List<Problem> problems() {
        return problems;
    }

    /** By object; more than one declaration is one too many, and reported. */
    Map<ObjectKey, List<Declaration>> declarations() {
        return declarations;
    }

    /** As {@link #declarations()}. */
    List<Declaration> trustDomains() {
        return trustDomains;
    }

    /** Whether this document may have meant to declare objects that it does not declare. */
    boolean isUnclearAbout(ObjectKind kind) {
        return unclearKinds.contains(kind);
    }

    boolean isUnclearAboutTrustDomain() {
        return trustDomainUnclear;
    }

    private void read(Part part) {
        PolicyText text = part.text;
        if (text.unreadable() != null) {
            problems.add(new Problem(Position.of(text.file()), "", "", text.unreadable(), ""));
            everythingIsUnclear();
            return;
        }
        switch (YamlReader.read(text.file(), text.text())) {
            case YamlReader.Reading.Unreadable(Problem problem) -> {
                problems.add(problem);
                everythingIsUnclear();
            }
            case YamlReader.Reading.Documents(List<Node> roots) ->
                    roots.forEach(root -> readRoot(root, part.variant));
        }
    }

    private void readRoot(Node root, boolean variant) {
        if (root instanceof Scalar scalar && scalar.isNothing()) {
            return;
        }
        if (!(root instanceof Mapping)) {
            unreadable(root, "", "wrong type", "a map");
            return;
        }
        Node condition = property(root, ON_PROFILE);
        if (!holdsPolicy(root) || condition != null && !isActive(condition)) {
            return;
        }
        var seen = new HashSet<String>();
        for (Entry entry : root.entries()) {
            String key = entry.key().text();
            if (entry.isRefused()) {
                unreadable(entry.value(), "", "", "");
            } else if (isDottedPolicy(key)) {
                unreadable(entry.key(), key, "dotted key", "policy as nested maps under weft:");
            } else if (key.equals("weft")) {
                if (seen.add(key)) {
                    readPolicy(entry.value(), variant || condition != null);
                } else {
                    unreadable(entry.key(), key, "duplicate key", "each key once");
                }
            }
        }
    }

    /** Ordinary Spring documents are none of our business, whatever they say. */
    private static boolean holdsPolicy(Node root) {
        return root.entries().stream()
                .anyMatch(
                        entry ->
                                entry.isRefused()
                                        || isDottedPolicy(entry.key().text())
                                        || entry.key().text().equals("weft")
                                                && !isOnlySettings(entry.value()));
    }

    private static boolean isOnlySettings(Node weft) {
        return weft instanceof Mapping
                && weft.entries().stream().allMatch(entry -> isSetting(entry.key().text()));
    }

    private static boolean isDottedPolicy(String key) {
        return key.startsWith("weft.") && !isSetting(key.substring("weft.".length()));
    }

    private static boolean isSetting(String key) {
        int dot = key.indexOf('.');
        return SETTINGS.contains(dot < 0 ? key : key.substring(0, dot));
    }

    private void readPolicy(Node policy, boolean variant) {
        if (policy instanceof Scalar scalar && scalar.isNothing()) {
            return;
        }
        if (!(policy instanceof Mapping)) {
            unreadable(policy, "weft", "wrong type", "a map");
            return;
        }
        var seen = new HashSet<String>();
        for (Entry entry : policy.entries()) {
            String root = entry.key().text();
            if (isSetting(root)) {
                continue;
            }
            if (!ROOTS.contains(root)) {
                refuseRoot(entry);
                unclearAboutWhatIsNotIn(policy);
            } else if (root.equals(TRUST_DOMAIN)) {
                boolean overrides = variant && seen.add(root);
                declare("weft." + root, entry, overrides, trustDomains);
            } else if (seen.add(root)) {
                readObjects(kind(root), entry.value(), variant);
            } else {
                report(entry.key(), "weft." + root, "duplicate key", "each key once");
                unclearKinds.add(kind(root));
            }
        }
    }

    private static ObjectKind kind(String root) {
        return ObjectKind.values()[ROOTS.indexOf(root) - 1];
    }

    private void refuseRoot(Entry entry) {
        String root = entry.key().text();
        boolean refused = entry.value() instanceof Refused;
        problems.add(
                new Problem(
                        entry.key().at(),
                        Problem.pathUnder("weft", root),
                        root,
                        refused ? ((Refused) entry.value()).why() : "unknown key",
                        "one of: " + String.join(", ", ROOTS),
                        Suggestions.nearest(root, ROOTS)));
    }

    /** A misspelt root may be any that the document does not mention otherwise. */
    private void unclearAboutWhatIsNotIn(Node policy) {
        List<String> mentioned = policy.entries().stream().map(e -> e.key().text()).toList();
        Stream.of(ObjectKind.values())
                .filter(kind -> !mentioned.contains(kind.root()))
                .forEach(unclearKinds::add);
        trustDomainUnclear |= !mentioned.contains(TRUST_DOMAIN);
    }

    private void readObjects(ObjectKind kind, Node node, boolean variant) {
        if (node instanceof Scalar scalar && scalar.isNothing()) {
            return;
        }
        if (!(node instanceof Mapping)) {
            report(node, "weft." + kind.root(), "wrong type", "a map of names");
            unclearKinds.add(kind);
            return;
        }
        var seen = new HashSet<String>();
        for (Entry entry : node.entries()) {
            var key = new ObjectKey(kind, entry.key().text());
            if (entry.isRefused()) {
                report(entry.value(), key.path(), "", "");
                unclearKinds.add(kind);
            } else {
                boolean overrides = variant && seen.add(key.name());
                declare(
                        key.path(),
                        entry,
                        overrides,
                        declarations.computeIfAbsent(key, _ -> new ArrayList<>()));
            }
        }
    }

    /**
     * @param overrides whether the declaration may change the one before it; else two are a problem
     */
    private void declare(String path, Entry entry, boolean overrides, List<Declaration> before) {
        if (overrides && before.size() == 1) {
            Node base = before.getFirst().value;
            before.set(0, new Declaration(entry.key(), merge(base, entry.value())));
            return;
        }
        if (!before.isEmpty()) {
            String other = "it stands at " + before.getFirst().key.at() + " too";
            report(entry.key(), path, "duplicate key", "each key once; " + other);
        }
        before.add(new Declaration(entry.key(), entry.value()));
    }

    private static Node merge(Node base, Node variant) {
        if (!(base instanceof Mapping && variant instanceof Mapping)) {
            return variant;
        }
        Map<String, Entry> over = new LinkedHashMap<>();
        var entries = new ArrayList<Entry>();
        var repeated = new ArrayList<Entry>();
        for (Entry entry : variant.entries()) {
            if (over.putIfAbsent(entry.key().text(), entry) != null) {
                // Left for the reader of the object to refuse.
                repeated.add(entry);
            }
        }
        for (Entry entry : base.entries()) {
            Entry above = over.remove(entry.key().text());
            entries.add(
                    above == null
                            ? entry
                            : new Entry(above.key(), merge(entry.value(), above.value())));
        }
        entries.addAll(over.values());
        entries.addAll(repeated);
        return new Mapping(variant.at(), entries);
    }

    /** The value of a property, however its name is split into keys. */
    private static @Nullable Node property(Node node, String name) {
        for (Entry entry : node.entries()) {
            String key = relaxed(entry.key().text());
            if (key.equals(relaxed(name))) {
                return entry.value();
            }
            if (relaxed(name).startsWith(key + ".")) {
                Node found = property(entry.value(), relaxed(name).substring(key.length() + 1));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Spring takes {@code onProfile} for {@code on-profile}. */
    private static String relaxed(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Obeys {@code spring.config.activate.on-profile} as far as it is a list of names. */
    private boolean isActive(Node condition) {
        List<Node> names =
                condition instanceof Sequence(_, List<Node> items) ? items : List.of(condition);
        boolean active = false;
        for (Node each : names) {
            String text = YamlReader.text(each);
            if (text == null || PROFILE_EXPRESSION.matcher(text).find()) {
                unreadable(each, ON_PROFILE, "not a list of names", "names of profiles");
                return false;
            }
            active |= Stream.of(text.split(",")).map(String::strip).anyMatch(profiles::contains);
        }
        return active;
    }

    private void unreadable(Node node, String path, String message, String expected) {
        report(node, path, message, expected);
        everythingIsUnclear();
    }

    private void everythingIsUnclear() {
        unclearKinds.addAll(EnumSet.allOf(ObjectKind.class));
        trustDomainUnclear = true;
    }

    /**
     * @param message unless the syntax already says what is wrong with the node
     */
    private void report(Node node, String path, String message, String expected) {
        String why = node instanceof Refused refused ? refused.why() : message;
        problems.add(new Problem(node.at(), path, node.shown(), why, expected));
    }
}

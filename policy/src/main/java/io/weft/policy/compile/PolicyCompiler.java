// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.access.AccessRule;
import io.weft.policy.access.Callers;
import io.weft.policy.access.Effect;
import io.weft.policy.access.Mode;
import io.weft.policy.access.Targets;
import io.weft.policy.compile.Document.Declaration;
import io.weft.policy.document.Node;
import io.weft.policy.document.YamlReader;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.object.PolicyObject.OfService;
import io.weft.policy.object.PolicyObject.Reference;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.problem.Position;
import io.weft.policy.problem.Problem;
import io.weft.policy.problem.Suggestions;
import io.weft.policy.read.ObjectReader;
import io.weft.policy.read.ObjectReading;
import io.weft.policy.read.References;
import io.weft.policy.service.Service;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles documents object by object. An object that cannot be used stays in force in its last
 * good form, together with whatever that form refers to; all others go ahead.
 *
 * <ol>
 *   <li>Read every object that the documents declare.
 *   <li>Put the last good form in the place of each broken one.
 *   <li>Resolve references. An object that names what does not exist is broken, back to 2. A last
 *       good form that names what has just gone brings it back.
 * </ol>
 */
public final class PolicyCompiler {

    private static final Comparator<Problem> ORDER =
            Comparator.comparing((Problem p) -> p.at().file())
                    .thenComparingInt(p -> p.at().line())
                    .thenComparingInt(p -> p.at().column());

    private static final int NAMES_SHOWN = 12;

    private final Good lastGood;
    private final List<Document> documents;
    private final List<String> ignored;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<ObjectKey, Declaration> declared = new LinkedHashMap<>();
    private final Map<ObjectKey, String> documentOf = new HashMap<>();
    private final Map<ObjectKey, PolicyObject> current = new TreeMap<>();
    private final Set<ObjectKey> kept = new HashSet<>();
    private final Set<ObjectKey> standIns = new HashSet<>();
    private final Map<ObjectKey, List<ServiceName>> denials = new LinkedHashMap<>();

    private PolicyCompiler(List<Document> documents, List<String> ignored, Good lastGood) {
        this.lastGood = lastGood;
        this.documents = documents;
        this.ignored = ignored;
    }

    /**
     * @param profiles the active profiles, the strongest last
     */
    public static Compilation compile(
            List<PolicyText> texts, List<String> profiles, Good lastGood) {
        var set = new DocumentSet(texts, profiles);
        var compiler = new PolicyCompiler(set.documents(), set.ignored(), lastGood);
        return compiler.run(compiler.trustDomain());
    }

    /**
     * Compiles objects that another control plane or an earlier release wrote, by the same rules:
     * what this release does not understand keeps its last good form and is reported.
     *
     * @param origin what to call the place they came from
     */
    public static Compilation compile(
            String origin, TrustDomain trustDomain, Map<ObjectKey, Node> objects, Good lastGood) {
        var document = new Document(origin, objects);
        return new PolicyCompiler(List.of(document), List.of(), lastGood).run(trustDomain);
    }

    private Compilation run(TrustDomain trustDomain) {
        documents.forEach(document -> problems.addAll(document.problems()));
        documents.forEach(this::declare);
        declared.forEach(this::read);
        keepWhatIsUnclear();
        while (!resolved()) {
            // Each round turns at least one object back to its last good form, or drops it.
        }
        refuseTargetsOfBrokenDenials();
        var objects = new PolicyObjects(trustDomain, current.values());
        problems.sort(ORDER);
        documentOf.keySet().retainAll(current.keySet());
        return new Compilation(new Good(objects, documentOf, standIns), problems, kept, ignored);
    }

    private void declare(Document document) {
        document.declarations()
                .forEach(
                        (key, declaration) -> {
                            Declaration other = declared.putIfAbsent(key, declaration);
                            if (other == null) {
                                documentOf.put(key, document.name());
                            } else {
                                reportTwice(key, declaration, other);
                                reportTwice(key, other, declaration);
                                documentOf.remove(key);
                            }
                        });
    }

    private void reportTwice(ObjectKey key, Declaration here, Declaration there) {
        problems.add(
                new Problem(
                        here.key().at(),
                        "weft." + key.kind().root() + "." + key.name(),
                        key.name(),
                        "declared in more than one document",
                        "one declaration; another stands at " + there.key().at()));
    }

    private void read(ObjectKey key, Declaration declaration) {
        if (!documentOf.containsKey(key)) {
            keep(key);
            return;
        }
        switch (ObjectReader.read(key.kind(), declaration.key(), declaration.value())) {
            case ObjectReading.Sound(PolicyObject object) when !object.key().equals(key) ->
                    declareTwiceByName(key, declaration, object);
            case ObjectReading.Sound(PolicyObject object) -> current.put(key, object);
            case ObjectReading.Broken(List<Problem> found) -> {
                problems.addAll(found);
                keep(key);
            }
            case ObjectReading.BrokenDenial(List<Problem> found, List<ServiceName> services) -> {
                problems.addAll(found);
                denials.put(key, services);
                keep(key);
            }
        }
    }

    /** {@code orders} and {@code orders.default} are one service; only the short form is a key. */
    private void declareTwiceByName(ObjectKey key, Declaration declaration, PolicyObject object) {
        problems.add(
                new Problem(
                        declaration.key().at(),
                        "weft." + key.kind().root() + "." + key.name(),
                        key.name(),
                        "name not in its short form",
                        object.key().name()));
        keep(key);
    }

    /** Puts the last good form of an object in force; false when there is none. */
    private boolean keep(ObjectKey key) {
        PolicyObject last =
                lastGood.standIns().contains(key) ? null : lastGood.objects().byKey().get(key);
        if (last == null || kept.contains(key)) {
            current.remove(key);
            return false;
        }
        current.put(key, last);
        kept.add(key);
        String document = lastGood.documents().get(key);
        if (document != null) {
            documentOf.putIfAbsent(key, document);
        }
        return true;
    }

    private void keepWhatIsUnclear() {
        Map<String, Document> byName =
                documents.stream().collect(Collectors.toMap(Document::name, each -> each));
        for (ObjectKey key : lastGood.objects().byKey().keySet()) {
            Document document = byName.get(lastGood.documents().getOrDefault(key, ""));
            if (document != null && document.isUnclearAbout(key) && !declared.containsKey(key)) {
                keep(key);
            }
        }
    }

    /** Whether every reference resolves; if not, mends the first object whose do not. */
    private boolean resolved() {
        Map<ServiceName, Service> services = services();
        for (PolicyObject object : List.copyOf(current.values())) {
            List<Reference> dangling =
                    object.references().stream()
                            .filter(each -> !PolicyObjects.resolves(each, services))
                            .toList();
            if (dangling.isEmpty()) {
                continue;
            }
            if (kept.contains(object.key())) {
                dangling.forEach(reference -> bringBack(reference, object.key()));
            } else {
                dangling.forEach(reference -> reportDangling(object, reference, services));
                noteDenial(object);
                keep(object.key());
            }
            return false;
        }
        return true;
    }

    private Map<ServiceName, Service> services() {
        var services = new HashMap<ServiceName, Service>();
        for (PolicyObject object : current.values()) {
            if (object instanceof OfService(Service service)) {
                services.put(service.name(), service);
            }
        }
        return services;
    }

    private void bringBack(Reference reference, ObjectKey user) {
        var key = new ObjectKey(ObjectKind.SERVICES, service(reference).toString());
        if (!kept.contains(key)) {
            Declaration declaration = declared.get(key);
            problems.add(
                    new Problem(
                            declaration == null
                                    ? Position.of(lastGood.documents().getOrDefault(key, ""))
                                    : declaration.key().at(),
                            "weft.services." + key.name(),
                            "",
                            "stays as it was, because the last good form of "
                                    + user
                                    + " still uses it",
                            ""));
        }
        keep(key);
    }

    private static ServiceName service(Reference reference) {
        return switch (reference) {
            case Reference.ToDestination(var destination) -> destination.service();
            case Reference.ToWorkload(var workload) -> workload;
        };
    }

    private void reportDangling(
            PolicyObject object, Reference reference, Map<ServiceName, Service> services) {
        String text =
                switch (reference) {
                    case Reference.ToDestination(var destination) -> destination.toString();
                    case Reference.ToWorkload(var workload) -> workload.toString();
                };
        List<String> known = known(reference, services);
        Declaration declaration = declared.get(object.key());
        List<References.Located> places =
                declaration == null
                        ? List.of()
                        : References.in(object.key(), declaration.value()).stream()
                                .filter(place -> names(place.text(), text))
                                .toList();
        for (References.Located place : places) {
            problems.add(
                    new Problem(
                            place.at(),
                            place.path(),
                            place.text(),
                            message(reference, services),
                            expected(known),
                            Suggestions.nearest(place.text(), known)));
        }
    }

    private static boolean names(String written, String meant) {
        return written.equals(meant)
                || written.replace("." + ServiceName.DEFAULT_NAMESPACE, "").equals(meant);
    }

    private String message(Reference reference, Map<ServiceName, Service> services) {
        ServiceName name = service(reference);
        if (services.containsKey(name)) {
            return "unknown version";
        }
        boolean broken = declared.containsKey(new ObjectKey(ObjectKind.SERVICES, name.toString()));
        String kind = reference instanceof Reference.ToWorkload ? "workload" : "service";
        return broken ? kind + " whose declaration is broken" : "unknown " + kind;
    }

    private static List<String> known(Reference reference, Map<ServiceName, Service> services) {
        Service service = services.get(service(reference));
        if (service != null) {
            return service.versions().keySet().stream().map(v -> service.name() + "/" + v).toList();
        }
        return services.keySet().stream().sorted().map(ServiceName::toString).toList();
    }

    private static String expected(List<String> known) {
        if (known.isEmpty()) {
            return "none is declared";
        }
        String shown = known.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        return "one of: " + shown + (known.size() > NAMES_SHOWN ? ", …" : "");
    }

    private void noteDenial(PolicyObject object) {
        if (object instanceof PolicyObject.OfAccess(AccessRule rule)
                && rule.effect() == Effect.DENY
                && rule.mode() == Mode.ENFORCE) {
            denials.put(object.key(), rule.to().services());
        }
    }

    /**
     * A broken rule that was to deny, and of which no good form is known, refuses its targets:
     * those that can be read and exist, or every service when it does not say.
     */
    private void refuseTargetsOfBrokenDenials() {
        Set<ServiceName> existing = services().keySet();
        denials.forEach(
                (key, services) -> {
                    List<ServiceName> targets =
                            (services.isEmpty() ? existing : services)
                                    .stream().filter(existing::contains).sorted().toList();
                    if (!current.containsKey(key) && !targets.isEmpty()) {
                        current.put(key, refusing(key.name(), targets));
                        standIns.add(key);
                    }
                });
    }

    private static PolicyObject refusing(String name, List<ServiceName> services) {
        return new PolicyObject.OfAccess(
                new AccessRule(
                        name,
                        Mode.ENFORCE,
                        new Targets(services, List.of(), List.of()),
                        new Callers(List.of(), true),
                        Effect.DENY));
    }

    private TrustDomain trustDomain() {
        TrustDomain declaredDomain = null;
        Declaration first = null;
        for (Document document : documents) {
            Declaration declaration = document.trustDomain();
            if (declaration == null) {
                continue;
            }
            TrustDomain domain = readTrustDomain(declaration);
            if (first != null) {
                problems.add(
                        new Problem(
                                declaration.key().at(),
                                "weft." + Document.TRUST_DOMAIN,
                                "",
                                "declared in more than one document",
                                "one declaration; another stands at " + first.key().at()));
                return lastGood.objects().trustDomain();
            }
            first = declaration;
            declaredDomain = domain;
        }
        if (first == null) {
            return TrustDomain.DEFAULT;
        }
        return declaredDomain == null ? lastGood.objects().trustDomain() : declaredDomain;
    }

    private @Nullable TrustDomain readTrustDomain(Declaration declaration) {
        String text = YamlReader.text(declaration.value());
        try {
            if (text != null) {
                return new TrustDomain(text);
            }
        } catch (IllegalArgumentException e) {
            text = declaration.value().shown();
        }
        problems.add(
                new Problem(
                        declaration.value().at(),
                        "weft." + Document.TRUST_DOMAIN,
                        text == null ? "" : text,
                        "invalid value",
                        TrustDomain.SYNTAX));
        return null;
    }
}

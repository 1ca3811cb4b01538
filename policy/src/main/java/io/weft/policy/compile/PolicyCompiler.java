// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.document.Node;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.problem.Problem;
import io.weft.policy.problem.Problems;
import io.weft.policy.read.ObjectReading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compiles documents object by object. An object that cannot be used stays in force in its last
 * good form, together with whatever that form refers to; all others go ahead.
 *
 * <ol>
 *   <li>Read every object that the documents declare.
 *   <li>Put the last good form in the place of each that is broken, declared twice, or missing from
 *       a document that is itself broken.
 *   <li>Resolve references ({@link Resolver}).
 *   <li>Refuse the targets of broken denials of which there is no good form.
 *   <li>Tell what is in vain ({@link Shadows}).
 * </ol>
 */
public final class PolicyCompiler {

    private final List<Document> documents;
    private final List<String> ignored;
    private final Good lastGood;
    private final Forms forms;
    private final Problems problems = new Problems();
    private final Problems warnings = new Problems();
    private final Denials denials = new Denials();
    private final Map<ObjectKey, Claim> claimed = new HashMap<>();
    private final List<Claim> unusable = new ArrayList<>();
    private final Map<ObjectKey, String> documentOf = new HashMap<>();

    private PolicyCompiler(List<Document> documents, List<String> ignored, Good lastGood) {
        this.documents = documents;
        this.ignored = ignored;
        this.lastGood = lastGood;
        this.forms = new Forms(lastGood);
    }

    /**
     * @param profiles the active profiles, the strongest last
     */
    public static Compilation compile(
            List<PolicyText> texts, List<String> profiles, Good lastGood) {
        var set = new DocumentSet(texts, profiles);
        var compiler = new PolicyCompiler(set.documents(), set.ignored(), lastGood);
        return compiler.run(
                DeclaredTrustDomain.in(
                        set.documents(), lastGood.objects().trustDomain(), compiler.problems));
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
        claims().forEach(this::read);
        keepWhatIsUnclear();
        new Resolver(forms, claimed, problems, denials).run(unusable);
        List<PolicyObject> standIns = denials.standIns(forms);
        standIns.forEach(forms::put);
        if (documents.stream().noneMatch(Document::isCarried)) {
            // Proxies have nobody to tell.
            Shadows.report(forms, claimed, warnings);
        }
        var objects = new PolicyObjects(trustDomain, forms.all());
        lastGood.documents().forEach(documentOf::putIfAbsent);
        documentOf.keySet().retainAll(objects.byKey().keySet());
        var good =
                new Good(
                        objects,
                        documentOf,
                        standIns.stream().map(PolicyObject::key).collect(Collectors.toSet()));
        return new Compilation(good, problems.inOrder(), warnings.inOrder(), forms.kept(), ignored);
    }

    /** Who declares what. */
    private Map<ObjectKey, List<Claim>> claims() {
        Map<ObjectKey, List<Claim>> claims = new TreeMap<>();
        for (Document document : documents) {
            document.declarations()
                    .forEach(
                            (key, declarations) -> {
                                var all = claims.computeIfAbsent(key, _ -> new ArrayList<>());
                                declarations.forEach(
                                        each ->
                                                all.add(
                                                        new Claim(
                                                                document,
                                                                key,
                                                                each.key(),
                                                                each.value())));
                            });
        }
        return claims;
    }

    private void read(ObjectKey key, List<Claim> claims) {
        documentOf.put(key, claims.getFirst().document().name());
        claimed.put(key, claims.getFirst());
        boolean contested = claims.size() > 1;
        for (Claim claim : claims) {
            ObjectReading reading = claim.read();
            if (!contested
                    && reading instanceof ObjectReading.Sound(PolicyObject object)
                    && object.key().equals(key)) {
                forms.put(object);
                return;
            }
            note(claim, reading);
            claims.stream()
                    .filter(other -> other.document() != claim.document())
                    .findFirst()
                    .ifPresent(other -> reportTwice(claim, other));
        }
        forms.keep(key);
    }

    /** Remembers what matters about an object that cannot be used. */
    private void note(Claim claim, ObjectReading reading) {
        unusable.add(claim);
        switch (reading) {
            case ObjectReading.Sound(PolicyObject object) -> {
                if (!object.key().equals(claim.object())) {
                    reportLongName(claim, object);
                }
                denials.note(object);
            }
            case ObjectReading.Broken(List<Problem> found) -> problems.addAll(found);
            case ObjectReading.BrokenDenial(List<Problem> found, List<ServiceName> services) -> {
                problems.addAll(found);
                denials.note(claim.object(), services);
            }
        }
    }

    /** {@code orders} and {@code orders.default} are one service; only the short form is a key. */
    private void reportLongName(Claim claim, PolicyObject object) {
        problems.add(
                new Problem(
                        claim.at(),
                        claim.object().path(),
                        claim.object().name(),
                        "name not in its short form",
                        object.key().name()));
    }

    private void reportTwice(Claim here, Claim there) {
        problems.add(
                new Problem(
                        here.at(),
                        here.object().path(),
                        here.object().name(),
                        "declared in more than one document",
                        "one declaration; another stands at " + there.at()));
    }

    private void keepWhatIsUnclear() {
        Map<String, Document> byName =
                documents.stream().collect(Collectors.toMap(Document::name, Function.identity()));
        for (PolicyObject last : lastGood.objects().byKey().values()) {
            ObjectKey key = last.key();
            Document document = byName.get(lastGood.documents().getOrDefault(key, ""));
            if (document == null
                    || documentOf.containsKey(key)
                    || !document.isUnclearAbout(key.kind())) {
                continue;
            }
            if (lastGood.standIns().contains(key)) {
                denials.note(last);
            } else {
                forms.keep(key);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.object.PolicyObject.OfService;
import io.weft.policy.object.PolicyObject.OfToken;
import io.weft.policy.object.PolicyObject.Reference;
import io.weft.policy.object.Referable;
import io.weft.policy.problem.Position;
import io.weft.policy.problem.Problem;
import io.weft.policy.problem.Problems;
import io.weft.policy.read.References;
import io.weft.policy.read.References.Located;
import io.weft.policy.service.Service;
import io.weft.policy.token.TokenPolicy;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes every reference resolve.
 *
 * <ol>
 *   <li>An object that names what does not exist is broken and returns to its last good form. What
 *       exists is judged before any such return, so that the order of objects does not matter.
 *   <li>An object in its last good form brings back, in their last good form too, the objects that
 *       it names and that have changed or gone since. Whatever names a version that is lost by this
 *       is broken as well, and so on.
 * </ol>
 *
 * Each object is looked at once, and again at most once for each object it names.
 */
final class Resolver {

    private final Forms forms;
    private final Map<ObjectKey, Claim> claimed;
    private final Problems problems;
    private final Denials denials;
    private final Map<ServiceName, Service> services;
    private final Set<String> tokens;
    private final Referable referable;

    /**
     * @param claimed where each object is declared
     * @param denials hears of each object that is broken by a name
     */
    Resolver(Forms forms, Map<ObjectKey, Claim> claimed, Problems problems, Denials denials) {
        this.forms = forms;
        this.claimed = claimed;
        this.problems = problems;
        this.denials = denials;
        this.services = forms.services();
        this.tokens = forms.tokens();
        this.referable = new Referable(services, tokens);
    }

    /**
     * @param unusable declarations that were refused already; whether what they name exists at all
     *     is still checked, so that their owners hear of everything at once
     */
    void run(List<Claim> unusable) {
        var names = new KnownNames(Map.copyOf(services), Set.copyOf(tokens), claimed.keySet());
        for (Claim claim : unusable) {
            dangling(claim).stream()
                    .filter(place -> !isBrokenItself(keyOf(place.reference())))
                    .forEach(place -> problems.add(names.problem(place)));
        }
        for (PolicyObject object : forms.fresh()) {
            if (isDangling(object)) {
                places(object).forEach(place -> problems.add(names.problem(place)));
                refuse(object);
            }
        }
        bringBackWhatKeptObjectsName();
    }

    private boolean isBrokenItself(ObjectKey key) {
        return claimed.containsKey(key) && forms.get(key) == null;
    }

    private void bringBackWhatKeptObjectsName() {
        Map<ObjectKey, Set<ObjectKey>> users = users();
        var open = new ArrayDeque<ObjectKey>(forms.kept());
        while (!open.isEmpty()) {
            PolicyObject user = forms.get(open.remove());
            if (user == null) {
                continue;
            }
            for (Reference reference : user.references()) {
                ObjectKey named = keyOf(reference);
                if (!referable.has(reference)) {
                    bringBack(named, user.key());
                    for (ObjectKey other : users.getOrDefault(named, Set.of())) {
                        if (refusedFor(named, other)) {
                            open.add(other);
                        }
                    }
                }
            }
        }
    }

    /** Which objects in the form just read name which other. */
    private Map<ObjectKey, Set<ObjectKey>> users() {
        var users = new HashMap<ObjectKey, Set<ObjectKey>>();
        for (PolicyObject object : forms.fresh()) {
            for (Reference reference : object.references()) {
                users.computeIfAbsent(keyOf(reference), _ -> new LinkedHashSet<>())
                        .add(object.key());
            }
        }
        return users;
    }

    private void bringBack(ObjectKey key, ObjectKey user) {
        forms.keep(key);
        switch (forms.get(key)) {
            case OfService(Service service) -> services.put(service.name(), service);
            case OfToken(TokenPolicy token) -> tokens.add(token.name());
            case null, default -> {}
        }
        problems.add(
                new Problem(
                        positionOf(claimed.containsKey(key) ? key : user),
                        key.path(),
                        "",
                        "stays as it was, because the last good form of " + user + " uses it",
                        user + " mended first"));
    }

    private Position positionOf(ObjectKey key) {
        Claim claim = claimed.get(key);
        return claim == null ? Position.of(forms.lastDocument(key)) : claim.at();
    }

    /** Whether a service's return breaks an object that names it; if so, it is refused. */
    private boolean refusedFor(ObjectKey service, ObjectKey key) {
        PolicyObject object = forms.get(key);
        if (object == null || forms.kept().contains(key) || !isDangling(object)) {
            return false;
        }
        for (Located place : places(object)) {
            problems.add(
                    new Problem(
                            place.at(),
                            place.path(),
                            place.text(),
                            "unknown version, because " + service + " stays as it was",
                            "a version it had, or what keeps it mended first"));
        }
        refuse(object);
        return true;
    }

    private void refuse(PolicyObject object) {
        denials.note(object);
        forms.keep(object.key());
    }

    private boolean isDangling(PolicyObject object) {
        return object.references().stream().anyMatch(reference -> !referable.has(reference));
    }

    private List<Located> places(PolicyObject object) {
        Claim claim = claimed.get(object.key());
        return claim == null ? List.of() : dangling(claim);
    }

    private List<Located> dangling(Claim claim) {
        return References.in(claim.object(), claim.value()).stream()
                .filter(place -> !referable.has(place.reference()))
                .toList();
    }

    private static ObjectKey keyOf(Reference reference) {
        return switch (reference) {
            case Reference.ToDestination(var destination) -> keyOf(destination.service());
            case Reference.ToWorkload(var workload) -> keyOf(workload);
            case Reference.ToToken(var token) -> new ObjectKey(ObjectKind.TOKENS, token);
        };
    }

    private static ObjectKey keyOf(ServiceName service) {
        return new ObjectKey(ObjectKind.SERVICES, service.toString());
    }
}

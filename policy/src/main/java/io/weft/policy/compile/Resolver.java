// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.object.PolicyObject.OfService;
import io.weft.policy.object.PolicyObject.Reference;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.problem.Position;
import io.weft.policy.problem.Problem;
import io.weft.policy.problem.Problems;
import io.weft.policy.read.References;
import io.weft.policy.read.References.Located;
import io.weft.policy.service.Service;
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
 *   <li>An object in its last good form brings back, in their last good form too, the services that
 *       it names and that have changed or gone since. Whatever names a version that is lost by this
 *       is broken as well, and so on.
 * </ol>
 *
 * Each object is looked at once, and again at most once for each service it names.
 */
final class Resolver {

    private final Forms forms;
    private final Map<ObjectKey, Claim> claimed;
    private final Problems problems;
    private final Denials denials;
    private final Map<ServiceName, Service> services;

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
    }

    /**
     * @param unusable declarations that were refused already; whether what they name exists at all
     *     is still checked, so that their owners hear of everything at once
     */
    void run(List<Claim> unusable) {
        var names = new KnownNames(Map.copyOf(services), claimed.keySet());
        for (Claim claim : unusable) {
            dangling(claim).stream()
                    .filter(place -> !isBrokenItself(service(place.reference())))
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

    private boolean isBrokenItself(ServiceName service) {
        return claimed.containsKey(keyOf(service)) && !services.containsKey(service);
    }

    private void bringBackWhatKeptObjectsName() {
        Map<ServiceName, Set<ObjectKey>> users = users();
        var open = new ArrayDeque<ObjectKey>(forms.kept());
        while (!open.isEmpty()) {
            PolicyObject user = forms.get(open.remove());
            if (user == null) {
                continue;
            }
            for (Reference reference : user.references()) {
                ServiceName name = service(reference);
                if (!PolicyObjects.resolves(reference, services)) {
                    bringBack(name, user.key());
                    for (ObjectKey other : users.getOrDefault(name, Set.of())) {
                        if (refusedFor(name, other)) {
                            open.add(other);
                        }
                    }
                }
            }
        }
    }

    /** Which objects in the form just read name which service. */
    private Map<ServiceName, Set<ObjectKey>> users() {
        var users = new HashMap<ServiceName, Set<ObjectKey>>();
        for (PolicyObject object : forms.fresh()) {
            for (Reference reference : object.references()) {
                users.computeIfAbsent(service(reference), _ -> new LinkedHashSet<>())
                        .add(object.key());
            }
        }
        return users;
    }

    private void bringBack(ServiceName name, ObjectKey user) {
        ObjectKey key = keyOf(name);
        forms.keep(key);
        if (forms.get(key) instanceof OfService(Service service)) {
            services.put(name, service);
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
    private boolean refusedFor(ServiceName service, ObjectKey key) {
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
                            "unknown version, because services/" + service + " stays as it was",
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
        return object.references().stream()
                .anyMatch(reference -> !PolicyObjects.resolves(reference, services));
    }

    private List<Located> places(PolicyObject object) {
        Claim claim = claimed.get(object.key());
        return claim == null ? List.of() : dangling(claim);
    }

    private List<Located> dangling(Claim claim) {
        return References.in(claim.object(), claim.value()).stream()
                .filter(place -> !PolicyObjects.resolves(place.reference(), services))
                .toList();
    }

    private static ObjectKey keyOf(ServiceName service) {
        return new ObjectKey(ObjectKind.SERVICES, service.toString());
    }

    private static ServiceName service(Reference reference) {
        return switch (reference) {
            case Reference.ToDestination(var destination) -> destination.service();
            case Reference.ToWorkload(var workload) -> workload;
        };
    }
}

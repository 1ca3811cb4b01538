// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.access.AccessRule;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.problem.Problem;
import io.weft.policy.route.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Somebody who edits files and has them compiled again and again. */
final class Owner {

    private final Map<String, PolicyText> files = new TreeMap<>();
    private final List<String> profiles = new ArrayList<>();
    private Compilation last =
            new Compilation(Good.NONE, List.of(), List.of(), java.util.Set.of(), List.of());

    static Owner of(String... profiles) {
        var owner = new Owner();
        owner.profiles.addAll(Arrays.asList(profiles));
        return owner;
    }

    Owner writes(String file, String text) {
        files.put(file, new PolicyText(file, text));
        return this;
    }

    Owner removes(String file) {
        files.remove(file);
        return this;
    }

    Owner cannotRead(String file) {
        files.put(file, PolicyText.unreadable(file, "permission denied"));
        return this;
    }

    Owner compiles() {
        last = PolicyCompiler.compile(List.copyOf(files.values()), profiles, last.good());
        return this;
    }

    List<String> problems() {
        return last.problems().stream().map(Problem::toString).toList();
    }

    List<String> warnings() {
        return last.warnings().stream().map(Problem::asWarning).toList();
    }

    /** Every object in force. */
    List<String> objects() {
        return last.good().objects().byKey().keySet().stream().map(ObjectKey::toString).toList();
    }

    List<String> kept() {
        return last.kept().stream().map(ObjectKey::toString).sorted().toList();
    }

    List<String> standIns() {
        return last.good().standIns().stream().map(ObjectKey::toString).sorted().toList();
    }

    List<String> ignored() {
        return last.ignored();
    }

    Good good() {
        return last.good();
    }

    String trustDomain() {
        return last.good().objects().trustDomain().name();
    }

    /** Where the only rule of a route leads. */
    String destinations(String route) {
        return last.good().objects().routes().stream()
                .filter(each -> each.name().text().equals(route))
                .map(each -> ((Action.Forward) each.rules().getFirst().action()).to())
                .map(
                        to ->
                                String.join(
                                        ", ",
                                        to.stream()
                                                .map(d -> d.destination() + ": " + d.weight())
                                                .toList()))
                .findFirst()
                .orElse("none");
    }

    AccessRule access(String name) {
        return Objects.requireNonNull(
                last.good().objects().access().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElse(null),
                name);
    }
}

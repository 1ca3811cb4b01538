// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.document.Node;
import io.weft.policy.document.Node.Entry;
import io.weft.policy.document.Node.Scalar;
import io.weft.policy.document.Node.Sequence;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.PolicyObject.Reference;
import io.weft.policy.problem.Position;
import io.weft.policy.problem.Problem;
import io.weft.policy.route.Destination;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds where an object names others, so that a dangling name can be pointed at. */
public final class References {

    private References() {}

    /**
     * A name of a service, of a version of one, of a workload, or of a kind of token.
     *
     * @param text the name as it was written
     */
    public record Located(Reference reference, String text, Position at, String path) {}

    /**
     * The names that an object's node holds, in the order they were written. What is no name, or
     * stands where none can be, is left to the reader of the object.
     */
    public static List<Located> in(ObjectKey key, Node node) {
        var found = new ArrayList<Located>();
        switch (key.kind()) {
            case SERVICES, TOKENS -> {}
            case ROUTES -> inRules(node.get("rules"), key.path() + ".rules", found);
            case ACCESS -> {
                Node to = node.get("to");
                Node services = to == null ? null : to.get("services");
                inList(services, key.path() + ".to.services", References::toService, found);
                inSources(node.get("from"), key.path() + ".from", found);
                Node user = node.get("user");
                Node token = user == null ? null : user.get("token");
                if (token != null) {
                    add(token, key.path() + ".user.token", References::toToken, found);
                }
            }
        }
        return found;
    }

    private static void inRules(@Nullable Node rules, String path, List<Located> found) {
        List<Entry> all = rules == null ? List.of() : rules.entries();
        for (Entry rule : all) {
            String rulePath = Problem.pathUnder(path, rule.key().text());
            inMatches(rule.value().get("match"), rulePath + ".match", found);
            inKeys(rule.value().get("to"), rulePath + ".to", found);
            inKeys(rule.value().get("mirror"), rulePath + ".mirror", found);
        }
    }

    private static void inKeys(@Nullable Node map, String path, List<Located> found) {
        List<Entry> destinations = map == null ? List.of() : map.entries();
        for (Entry destination : destinations) {
            String text = destination.key().text();
            add(destination.key(), Problem.pathUnder(path, text), References::to, found);
        }
    }

    /** One match or several alternatives: only a match has workloads below {@code from}. */
    private static void inMatches(@Nullable Node match, String path, List<Located> found) {
        if (match == null) {
            return;
        }
        inSources(match.get("from"), path + ".from", found);
        for (Entry each : match.entries()) {
            String below = Problem.pathUnder(path, each.key().text()) + ".from";
            inSources(each.value().get("from"), below, found);
        }
    }

    private static void inSources(@Nullable Node from, String path, List<Located> found) {
        Node workloads = from == null ? null : from.get("workloads");
        inList(workloads, path + ".workloads", Reference.ToWorkload::new, found);
    }

    private static void inList(
            @Nullable Node list,
            String path,
            Function<ServiceName, Reference> reference,
            List<Located> found) {
        List<Node> items = list instanceof Sequence sequence ? sequence.items() : List.of();
        for (int i = 0; i < items.size(); i++) {
            Function<String, Reference> parser = text -> reference.apply(ServiceName.parse(text));
            add(items.get(i), path + "[" + i + "]", parser, found);
        }
    }

    private static void add(
            Node name, String path, Function<String, Reference> parser, List<Located> found) {
        if (!(name instanceof Scalar(Position at, String text, _))) {
            return;
        }
        try {
            found.add(new Located(parser.apply(text), text, at, path));
        } catch (IllegalArgumentException e) {
            // The reader of the object refuses it.
            return;
        }
    }

    private static Reference to(String text) {
        return new Reference.ToDestination(Destination.parse(text));
    }

    private static Reference toToken(String text) {
        return new Reference.ToToken(ObjectReader.name(text));
    }

    private static Reference toService(ServiceName service) {
        return new Reference.ToDestination(new Destination(service, null));
    }
}

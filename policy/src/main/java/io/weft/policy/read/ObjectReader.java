// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.condition.Condition;
import io.weft.policy.document.Node;
import io.weft.policy.document.Node.Scalar;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.problem.Problems;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads one object from its name and its node, wherever these came from: a YAML document or the
 * JSON of the feed. Every problem of the object is found; whether its references resolve is for the
 * compiler to say.
 */
public final class ObjectReader {

    static final String NAME_SYNTAX = "letters, digits, dots, dashes and underscores, at most 63";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private ObjectReader() {}

    /** Reads an object as its owner writes it. */
    public static ObjectReading written(ObjectKind kind, Scalar key, Node node) {
        return read(kind, key, node, WrittenConditions::condition);
    }

    /** Reads an object that was read before, from the form that {@code ObjectWriter} gives it. */
    public static ObjectReading carried(ObjectKind kind, Scalar key, Node node) {
        return read(kind, key, node, CarriedConditions::condition);
    }

    private static ObjectReading read(
            ObjectKind kind, Scalar key, Node node, Function<Value, Condition> conditions) {
        var problems = new Problems();
        String path = new ObjectKey(kind, key.text()).path();
        var name = new Value(key, path, problems::add);
        var value = new Value(node, path, problems::add);
        try {
            return new ObjectReading.Sound(
                    object(kind, new Value.Named(key.text(), name, value), conditions));
        } catch (RefusedException e) {
            return kind == ObjectKind.ACCESS && AccessReader.meantToDeny(node)
                    ? new ObjectReading.BrokenDenial(
                            problems.inOrder(), AccessReader.services(node))
                    : new ObjectReading.Broken(problems.inOrder());
        }
    }

    private static PolicyObject object(
            ObjectKind kind, Value.Named entry, Function<Value, Condition> conditions) {
        return switch (kind) {
            case SERVICES -> new PolicyObject.OfService(ServiceReader.service(entry));
            case ROUTES -> new PolicyObject.OfRoute(RouteReader.route(entry));
            case TOKENS -> new PolicyObject.OfToken(TokenReader.token(entry));
            case ACCESS -> new PolicyObject.OfAccess(AccessReader.rule(entry, conditions));
        };
    }

    /** The name of a route, a rule or the like. */
    static String name(Value key) {
        return key.parsed(ObjectReader::name, NAME_SYNTAX);
    }

    static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }
}

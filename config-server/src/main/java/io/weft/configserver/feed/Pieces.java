// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.weft.configserver.feed.PolicyMessage.Own;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.WireObject;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.snapshot.PolicyVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A message of the policy in two pieces, cut in its list of objects.
 *
 * <pre>
 * {"type":"delta", … "changed":[ what is for all      head
 *    , what is for some ],"removed":[ … ]}            rest
 * </pre>
 *
 * The codec writes whole messages only, and what is to be left out as empty, last.
 */
sealed interface Pieces {

    String head();

    String rest(Own own);

    /**
     * @param common the names of the objects in the head
     */
    record OfSnapshot(PolicyVersion version, PolicyObjects objects, List<ObjectKey> common)
            implements Pieces {

        static final String NO_ENDPOINTS = "{}}";
        private static final String END = "],\"endpoints\":" + NO_ENDPOINTS;

        @Override
        public String head() {
            return cut(write(wire(objects, common)), END);
        }

        /** Without the endpoints, which follow. */
        @Override
        public String rest(Own own) {
            String without = cut(write(List.of()), END);
            String with = cut(write(wire(objects, own.told())), NO_ENDPOINTS);
            return comma(common, own) + with.substring(without.length());
        }

        private String write(List<WireObject> all) {
            return FeedCodec.write(
                    new FeedMessage.Snapshot(
                            FeedMessage.SCHEMA, version, objects.trustDomain(), all, Map.of()));
        }
    }

    /**
     * @param objects after it
     * @param common the names of the objects in the head
     * @param gone the names of objects that are gone for all
     */
    record OfDelta(
            PolicyVersion from,
            PolicyVersion to,
            PolicyObjects objects,
            List<ObjectKey> common,
            List<ObjectKey> gone)
            implements Pieces {

        private static final String END = "],\"removed\":[]}";

        @Override
        public String head() {
            return cut(write(wire(objects, common), List.of()), END);
        }

        @Override
        public String rest(Own own) {
            var removed = new ArrayList<>(gone);
            removed.addAll(own.forgotten());
            String without = cut(write(List.of(), List.of()), END);
            String with = write(wire(objects, own.told()), removed);
            return comma(common, own) + with.substring(without.length()) + "\n";
        }

        private String write(List<WireObject> changed, List<ObjectKey> removed) {
            return FeedCodec.write(
                    new FeedMessage.Delta(from, to, objects.trustDomain(), changed, removed));
        }
    }

    private static List<WireObject> wire(PolicyObjects objects, List<ObjectKey> names) {
        return names.stream()
                .map(each -> Objects.requireNonNull(objects.byKey().get(each)))
                .map(WireObject::of)
                .toList();
    }

    private static String comma(List<ObjectKey> common, Own own) {
        return common.isEmpty() || own.told().isEmpty() ? "" : ",";
    }

    private static String cut(String line, String end) {
        if (!line.endsWith(end)) {
            throw new IllegalStateException("the codec no longer ends a message with " + end);
        }
        return line.substring(0, line.length() - end.length());
    }
}

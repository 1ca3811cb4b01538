// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.request.Caller;
import io.weft.policy.request.RequestView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Prefixes by segment. A request walks down as far as its path goes, then tries the rules of the
 * longest prefix, and those of shorter ones only when no rule of a longer one accepts it.
 */
final class PathTrie {

    private final Node root;

    private PathTrie(Node root) {
        this.root = root;
    }

    /**
     * @param byPrefix candidates by prefix without a slash at the end, the root as {@code "/"}
     */
    static PathTrie of(Map<String, List<Candidate>> byPrefix) {
        var root = new Draft();
        byPrefix.forEach((prefix, candidates) -> root.at(prefix).candidates.addAll(candidates));
        return new PathTrie(root.freeze(null));
    }

    @Nullable MatchedRule first(RequestView request, Caller caller) {
        byte[] bytes = request.bytes();
        int end = request.pathEnd();
        int at = request.pathStart();
        if (at >= end || bytes[at] != '/') {
            return null;
        }
        Node node = root;
        at++;
        while (at < end && node.children != null) {
            int hash = 0;
            int segmentEnd = at;
            while (segmentEnd < end && bytes[segmentEnd] != '/') {
                hash = 31 * hash + bytes[segmentEnd++];
            }
            Node child = node.children.get(bytes, at, segmentEnd, hash);
            if (child == null) {
                break;
            }
            node = child;
            at = segmentEnd + 1;
        }
        Node asked = node.candidates == null ? node.shorter : node;
        while (asked != null) {
            MatchedRule rule = asked.first(request, caller);
            if (rule != null) {
                return rule;
            }
            asked = asked.shorter;
        }
        return null;
    }

    private static final class Node {
        private final @Nullable Candidates candidates;
        private final @Nullable Node shorter;
        private @Nullable ByteKeyMap<Node> children;

        /**
         * @param shorter the node of the next shorter prefix that has candidates
         */
        private Node(@Nullable Candidates candidates, @Nullable Node shorter) {
            this.candidates = candidates;
            this.shorter = shorter;
        }

        private @Nullable MatchedRule first(RequestView request, Caller caller) {
            return candidates == null ? null : candidates.first(request, caller);
        }
    }

    private static final class Draft {
        private final Map<String, Draft> children = new TreeMap<>();
        private final List<Candidate> candidates = new ArrayList<>();

        private Draft at(String prefix) {
            Draft draft = this;
            for (String segment : prefix.substring(1).split("/", 0)) {
                if (!segment.isEmpty()) {
                    draft = draft.children.computeIfAbsent(segment, _ -> new Draft());
                }
            }
            return draft;
        }

        private Node freeze(@Nullable Node shorter) {
            var node = new Node(candidates.isEmpty() ? null : Candidates.of(candidates), shorter);
            if (!children.isEmpty()) {
                Node nearest = node.candidates == null ? shorter : node;
                var frozen = new TreeMap<String, Node>();
                children.forEach((segment, draft) -> frozen.put(segment, draft.freeze(nearest)));
                node.children = new ByteKeyMap<>(frozen);
            }
            return node;
        }
    }
}

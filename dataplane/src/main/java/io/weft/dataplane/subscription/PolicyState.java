// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.subscription;

import io.weft.dataplane.dispatch.Routing;
import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.document.Node;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.WireObject;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.problem.Problem;
import io.weft.policy.request.Plane;
import io.weft.policy.snapshot.PolicySnapshot;
import io.weft.policy.snapshot.PolicyVersion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The policy as it was last received, and its compilation. An object that this release cannot read
 * stays as it was. Used by one thread at a time.
 */
final class PolicyState {

    private final Plane plane;
    private final Routing routing;
    private final Map<ObjectKey, Node> objects = new TreeMap<>();
    private PolicyVersion version = PolicyVersion.NONE;
    private TrustDomain trustDomain = TrustDomain.DEFAULT;
    private Good good = Good.NONE;

    PolicyState(Plane plane, Routing routing) {
        this.plane = plane;
        this.routing = routing;
    }

    PolicyVersion version() {
        return version;
    }

    /** What is known, as a message that says all of it. */
    FeedMessage.Snapshot toSnapshot() {
        return new FeedMessage.Snapshot(
                FeedMessage.SCHEMA,
                version,
                trustDomain,
                objects.entrySet().stream()
                        .map(entry -> new WireObject(entry.getKey(), entry.getValue()))
                        .toList(),
                routing.instances());
    }

    /** Replaces everything; returns what could not be read. */
    List<Problem> replace(FeedMessage.Snapshot snapshot) {
        objects.clear();
        snapshot.objects().forEach(object -> objects.put(object.key(), object.value()));
        routing.endpoints(snapshot.endpoints());
        return compile(snapshot.version(), snapshot.trustDomain());
    }

    /** Whether a delta applies to what is here. */
    boolean isBaseOf(FeedMessage.Delta delta) {
        return version.equals(delta.from());
    }

    /** Applies changes; returns what could not be read. */
    List<Problem> apply(FeedMessage.Delta delta) {
        delta.removed().forEach(objects::remove);
        delta.changed().forEach(object -> objects.put(object.key(), object.value()));
        return compile(delta.version(), delta.trustDomain());
    }

    private List<Problem> compile(PolicyVersion next, TrustDomain domain) {
        Compilation compilation = PolicyCompiler.compile("feed", domain, objects, good);
        good = compilation.good();
        version = next;
        trustDomain = domain;
        routing.policy(PolicySnapshot.compile(plane, next, good.objects()));
        return compilation.problems();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.feed;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.Protections;
import io.weft.policy.request.Plane;
import io.weft.policy.snapshot.PolicyVersion;
import java.util.List;
import java.util.Map;

/**
 * What control plane and proxies say to each other over {@code POST /feed}: one JSON object in each
 * line, both ways.
 *
 * <ol>
 *   <li>The proxy says {@link Hello}; an agent adds {@link Register} for its workload.
 *   <li>The control plane answers with a whole {@link Snapshot}, then with {@link Delta}s and
 *       {@link Endpoints} and {@link ApiKeys}, and a {@link Heartbeat} when it has been silent.
 *   <li>The proxy answers each snapshot or delta with {@link Acknowledge} or {@link Refuse}, and
 *       says {@link Heartbeat} when it has been silent: an instance whose proxy is silent loses its
 *       lease.
 * </ol>
 */
public sealed interface FeedMessage {

    /** The release of this format; raised when a reader of the previous one would misunderstand. */
    int SCHEMA = 1;

    /** What a proxy says. */
    sealed interface FromProxy extends FeedMessage {}

    /** What the control plane says. */
    sealed interface FromControlPlane extends FeedMessage {}

    /**
     * @param proxy unique id of the proxy's process
     * @param workload the name of the workload it serves; the edge is {@code gateway}
     */
    record Hello(int schema, String proxy, Plane plane, ServiceName workload)
            implements FromProxy {}

    /** The instance is there and may get requests. Said again, it replaces what was said before. */
    record Register(Instance instance) implements FromProxy {}

    /** The instance must get no further requests. */
    record Deregister(String instance) implements FromProxy {}

    /** The version is in force in this proxy. */
    record Acknowledge(PolicyVersion version) implements FromProxy {}

    /**
     * The version is in force but for what the proxy does not understand, which stays as it was.
     *
     * @param problems one line for each object that was refused
     */
    record Refuse(PolicyVersion version, List<String> problems) implements FromProxy {
        public Refuse {
            problems = List.copyOf(problems);
        }
    }

    /** Nothing new. */
    record Heartbeat() implements FromProxy, FromControlPlane {}

    /**
     * Everything that the proxy needs: what it knew before is void. Of access rules and tokens it
     * needs those that it {@linkplain Protections decides with}.
     */
    record Snapshot(
            int schema,
            PolicyVersion version,
            TrustDomain trustDomain,
            List<WireObject> objects,
            Map<ServiceName, List<Instance>> endpoints)
            implements FromControlPlane {
        public Snapshot {
            objects = List.copyOf(objects);
            endpoints = Map.copyOf(endpoints);
        }
    }

    /**
     * What changed in the policy for this proxy, which may be nothing but the version.
     *
     * @param from the version it applies to; a proxy at another one asks anew
     */
    record Delta(
            PolicyVersion from,
            PolicyVersion version,
            TrustDomain trustDomain,
            List<WireObject> changed,
            List<ObjectKey> removed)
            implements FromControlPlane {
        public Delta {
            changed = List.copyOf(changed);
            removed = List.copyOf(removed);
        }
    }

    /** All API keys. Until the control plane knows them, it says nothing about them. */
    record ApiKeys(List<ApiKey> keys) implements FromControlPlane {
        public ApiKeys {
            keys = List.copyOf(keys);
        }
    }

    /** All instances of one service. */
    record Endpoints(ServiceName service, List<Instance> instances) implements FromControlPlane {
        public Endpoints {
            instances = List.copyOf(instances);
        }
    }
}

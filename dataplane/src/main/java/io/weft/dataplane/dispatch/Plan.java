// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.dataplane.balance.Cluster;
import io.weft.dataplane.http.FieldEdits;
import io.weft.dataplane.telemetry.Series;
import io.weft.dataplane.telemetry.SeriesKey;
import io.weft.dataplane.telemetry.Traffic;
import io.weft.dataplane.upstream.Endpoint;
import io.weft.policy.access.ServiceAccess;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.match.CompiledDestination;
import io.weft.policy.match.CompiledMirror;
import io.weft.policy.match.CompiledRule;
import io.weft.policy.match.MatchedRule;
import io.weft.policy.route.Destination;
import io.weft.policy.service.MutualTls;
import io.weft.policy.service.Service;
import io.weft.policy.snapshot.PolicySnapshot;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy together with the endpoints that are there: what a request sees from start to end. What
 * belongs to single rules is made when a request first needs it, so that a change among ten
 * thousand rules costs little; two loops may make the same thing at once, and either is right.
 */
public final class Plan {

    /** The destination of requests that reach no service. */
    private static final String NOWHERE = "none";

    /** How long a copy takes at most where its rule sets no limit. */
    private static final Duration COPY_LIMIT = Duration.ofSeconds(5);

    private final PolicySnapshot policy;
    private final Map<ServiceName, List<Endpoint>> endpoints;
    private final ServiceName source;
    private final Traffic traffic;
    private final CopyBudget copyBudget;
    private final int loops;
    private @Nullable ServiceAccess ownAccess;
    private @Nullable FieldEdits ownIdentityHeaders;
    private final @Nullable Cluster[] clusters;
    private final @Nullable RulePermits[] permits;

    /**
     * @param source the workload in whose name requests are sent
     */
    Plan(
            PolicySnapshot policy,
            Map<ServiceName, List<Endpoint>> endpoints,
            ServiceName source,
            Traffic traffic,
            CopyBudget copyBudget,
            int loops) {
        this.policy = policy;
        this.endpoints = endpoints;
        this.source = source;
        this.traffic = traffic;
        this.copyBudget = copyBudget;
        this.loops = loops;
        this.clusters = new Cluster[policy.routes().destinations().size()];
        this.permits = new RulePermits[policy.routes().rules().size()];
    }

    public PolicySnapshot policy() {
        return policy;
    }

    /** The rules about the workload beside this proxy. */
    public ServiceAccess ownAccess() {
        ServiceAccess known = ownAccess;
        if (known == null) {
            known = ServiceAccess.to(source, policy.objects().access(), policy.objects().tokens());
            ownAccess = known;
        }
        return known;
    }

    /** Takes away by which callers might pretend to be users of the workload beside this proxy. */
    FieldEdits ownIdentityHeaders() {
        FieldEdits known = ownIdentityHeaders;
        if (known == null) {
            known = FieldEdits.NONE.without(ownAccess().identityHeaders());
            ownIdentityHeaders = known;
        }
        return known;
    }

    /** The permit of a rule's destination; for {@link Admission} to give out. */
    Permit permit(CompiledRule rule, CompiledDestination destination) {
        RulePermits ofRule = permits(rule);
        int index = rule.indexOf(destination);
        Permit permit = ofRule.byDestination[index];
        if (permit == null) {
            permit = newPermit(rule, destination);
            ofRule.byDestination[index] = permit;
        }
        return permit;
    }

    private RulePermits permits(CompiledRule rule) {
        RulePermits known = permits[rule.slot()];
        if (known == null) {
            known = new RulePermits(rule.destinations().size());
            permits[rule.slot()] = known;
        }
        return known;
    }

    /** The permits of one rule, by the place of their destination, and those of copies. */
    private static final class RulePermits {
        private final @Nullable Permit[] byDestination;
        private volatile @Nullable List<Copy> copies;

        private RulePermits(int destinations) {
            this.byDestination = new Permit[destinations];
        }
    }

    private Permit newPermit(CompiledRule rule, CompiledDestination to) {
        Cluster cluster = cluster(to);
        Series[] series = new Series[cluster.size()];
        for (int i = 0; i < series.length; i++) {
            series[i] = series(rule, to.destination(), cluster.endpoint(i).version());
        }
        return new Permit(cluster, true, Terms.of(rule, to), series, series(rule, to));
    }

    /** Counts the requests of a rule that end here, on their way to a destination. */
    public Series series(CompiledRule rule, CompiledDestination destination) {
        return series(rule, destination.destination(), "");
    }

    Series series(CompiledRule rule, Destination destination, String version) {
        return traffic.series(key(rule, destination, version));
    }

    private SeriesKey key(CompiledRule rule, Destination destination, String version) {
        return new SeriesKey(
                SeriesKey.SOURCE,
                source.toString(),
                destination.service().toString(),
                version,
                rule.route().text());
    }

    /** Counts the requests that a rule answers by itself. */
    public Series series(MatchedRule rule) {
        return traffic.series(
                new SeriesKey(
                        SeriesKey.SOURCE, source.toString(), NOWHERE, "", rule.route().text()));
    }

    /** Who gets copies of a rule's requests; for {@link Admission} to choose from. */
    List<Copy> copies(CompiledRule rule) {
        RulePermits ofRule = permits(rule);
        List<Copy> known = ofRule.copies;
        if (known == null) {
            known = rule.mirrors().stream().map(each -> newCopy(rule, each)).toList();
            ofRule.copies = known;
        }
        return known;
    }

    private Copy newCopy(CompiledRule rule, CompiledMirror mirror) {
        CompiledDestination to = mirror.to();
        Cluster cluster = cluster(to);
        // Copies are no requests of anybody, and are counted apart.
        var uncounted = Series.uncounted(key(rule, to.destination(), ""), loops);
        var series = new Series[cluster.size()];
        Arrays.fill(series, uncounted);
        Duration limit = rule.timeouts().request();
        return new Copy(
                to,
                mirror.share(),
                new Permit(
                        cluster,
                        true,
                        Terms.of(rule, to).ofCopy((limit == null ? COPY_LIMIT : limit).toNanos()),
                        series,
                        uncounted),
                copyBudget,
                CopyCounts.of(traffic, rule.route().text(), cluster.name()));
    }

    private Cluster cluster(CompiledDestination to) {
        Cluster cluster = clusters[to.slot()];
        if (cluster == null) {
            cluster = new Cluster(to.destination().toString(), members(to.destination()));
            clusters[to.slot()] = cluster;
        }
        return cluster;
    }

    private List<Endpoint> members(Destination destination) {
        Service service = policy.objects().services().get(destination.service());
        boolean inClear = service != null && service.mtls() == MutualTls.PERMISSIVE;
        List<Endpoint> all =
                endpoints.getOrDefault(destination.service(), List.of()).stream()
                        .filter(each -> inClear || each.instance().mtls())
                        .toList();
        if (destination.version() == null || service == null) {
            return all;
        }
        Map<String, String> labels =
                service.versions().getOrDefault(destination.version(), Map.of());
        return all.stream().filter(each -> each.instance().carries(labels)).toList();
    }
}

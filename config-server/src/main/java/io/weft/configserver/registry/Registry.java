// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.registry;

import io.weft.configserver.registry.Entry.Keeper;
import io.weft.configserver.time.Uptime;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * All instances. One goes when it says so, or when the stream that keeps it has been lost for
 * {@link #LEASE} of this server's own uptime; nothing goes in the first {@link #GRACE} of it, in
 * which proxies come back to a server that was restarted.
 *
 * <p>Instances of services that the policy does not declare are kept and not told to anybody, so
 * that workload and policy may arrive in any order.
 */
public final class Registry {

    public static final Duration LEASE = Duration.ofSeconds(10);

    public static final Duration GRACE = Duration.ofSeconds(30);

    /** One stream speaks for one workload, so more than a few instances are a mistake. */
    static final int MAX_PER_STREAM = 16;

    /** Ids that begin so are the server's own. */
    static final String STATIC = "static/";

    static final String DISCOVERED = "discovered/";

    private final Uptime uptime;
    private final Map<InstanceKey, Entry> entries = new HashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private Set<ServiceName> declared = Set.of();
    private volatile Endpoints endpoints = Endpoints.NONE;

    /** Ids are a workload's own: that of another's instance neither hides nor removes it. */
    private record InstanceKey(ServiceName service, String id) {
        static InstanceKey of(Instance instance) {
            return new InstanceKey(instance.service(), instance.id());
        }
    }

    public Registry(Uptime uptime) {
        this.uptime = uptime;
    }

    /** An instance that cannot be registered. */
    public static final class RefusedInstanceException extends Exception {
        RefusedInstanceException(String message) {
            super(message);
        }
    }

    /**
     * Says when an instance came or went, which may make other {@link #endpoints}.
     *
     * @param listener called under the registry's lock: it must return at once
     */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * Keeps an instance for as long as the stream lives. What had its id in its service before is
     * replaced.
     */
    public synchronized void register(StreamId stream, Instance instance)
            throws RefusedInstanceException {
        String id = instance.id();
        if (id.startsWith(STATIC) || id.startsWith(DISCOVERED)) {
            throw new RefusedInstanceException("instance " + id + ": the prefix is reserved");
        }
        var keeper = new Keeper.Stream(stream);
        if (!isKept(instance, keeper) && keptBy(keeper).count() >= MAX_PER_STREAM) {
            throw new RefusedInstanceException(
                    "instance " + id + ": one proxy may register " + MAX_PER_STREAM);
        }
        put(new Entry(instance, keeper));
    }

    private boolean isKept(Instance instance, Keeper keeper) {
        Entry entry = entries.get(InstanceKey.of(instance));
        return entry != null && entry.keeper().equals(keeper);
    }

    /** Removes an instance, if it is this stream's. */
    public synchronized void deregister(StreamId stream, String id) {
        var keeper = new Keeper.Stream(stream);
        if (entries.values()
                .removeIf(
                        each -> each.keeper().equals(keeper) && each.instance().id().equals(id))) {
            changed();
        }
    }

    /**
     * Starts the leases of what a stream kept.
     *
     * @param lastHeard when the stream last said something, in uptime
     */
    public synchronized void lost(StreamId stream, long lastHeard) {
        long end = Math.max(lastHeard + LEASE.toNanos(), GRACE.toNanos());
        for (Entry entry : keptBy(new Keeper.Stream(stream)).toList()) {
            entries.put(
                    InstanceKey.of(entry.instance()),
                    new Entry(entry.instance(), new Keeper.Lease(end)));
        }
    }

    /** Removes what has come to the end of its lease. */
    public synchronized void sweep() {
        long now = uptime.nanos();
        boolean removed =
                entries.values()
                        .removeIf(
                                each ->
                                        each.keeper() instanceof Keeper.Lease(long end)
                                                && now >= end);
        if (removed) {
            changed();
        }
    }

    /** Puts back what was registered before the server went down, on a lease of its own. */
    public synchronized void restore(InstanceStore store) {
        try {
            for (Instance instance : store.load()) {
                Keeper keeper =
                        instance.id().startsWith(DISCOVERED)
                                ? new Keeper.Discovery()
                                : new Keeper.Lease(GRACE.toNanos());
                put(new Entry(instance, keeper));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds the instances that the settings name. */
    public synchronized void add(RegistrySettings settings) {
        settings.fixed()
                .forEach(
                        (service, all) ->
                                all.forEach(each -> add(ServiceName.parse(service), each)));
    }

    private void add(ServiceName service, RegistrySettings.Endpoint endpoint) {
        String id = STATIC + service + "/" + endpoint.host() + ":" + endpoint.port();
        var labels = new TreeMap<>(endpoint.labels());
        var instance = new Instance(id, service, labels, endpoint.host(), endpoint.port());
        put(new Entry(instance, new Keeper.Settings()));
    }

    /** Replaces what discovery has found of one service. */
    synchronized void discovered(ServiceName service, Collection<Instance> instances) {
        var ids = new HashSet<String>();
        for (Instance instance : instances) {
            ids.add(instance.id());
            Entry before = entries.get(InstanceKey.of(instance));
            if (before == null || !instance.equals(before.instance())) {
                put(new Entry(instance, new Keeper.Discovery()));
            }
        }
        boolean removed =
                entries.values()
                        .removeIf(
                                each ->
                                        each.keeper() instanceof Keeper.Discovery
                                                && each.instance().service().equals(service)
                                                && !ids.contains(each.instance().id()));
        if (removed) {
            changed();
        }
    }

    private void put(Entry entry) {
        entries.put(InstanceKey.of(entry.instance()), entry);
        changed();
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    private Stream<Entry> keptBy(Keeper keeper) {
        return entries.values().stream().filter(each -> each.keeper().equals(keeper));
    }

    /** Tells the endpoints of these services from now on, and of no others. */
    public synchronized Endpoints declare(Set<ServiceName> services) {
        declared = Set.copyOf(services);
        return update();
    }

    public synchronized Set<ServiceName> declared() {
        return declared;
    }

    /** Makes the endpoints of this moment. */
    public synchronized Endpoints update() {
        SortedMap<ServiceName, List<Instance>> byService = new TreeMap<>();
        declared.forEach(service -> byService.put(service, new ArrayList<>()));
        for (Entry entry : entries.values()) {
            List<Instance> instances = byService.get(entry.instance().service());
            if (instances != null) {
                instances.add(entry.instance());
            }
        }
        byService.values().forEach(each -> each.sort(Comparator.comparing(Instance::id)));
        endpoints = endpoints.next(byService);
        return endpoints;
    }

    /** As of the last {@link #update} or {@link #declare}. */
    public Endpoints endpoints() {
        return endpoints;
    }

    /** Everything, by id. */
    public synchronized List<Entry> entries() {
        return entries.values().stream()
                .sorted(Comparator.comparing(each -> each.instance().id()))
                .toList();
    }

    /** What must survive a restart: all but what the settings will say again. */
    synchronized List<Instance> toStore() {
        return entries().stream()
                .filter(each -> !(each.keeper() instanceof Keeper.Settings))
                .map(Entry::instance)
                .toList();
    }
}

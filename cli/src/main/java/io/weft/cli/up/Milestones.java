// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import io.weft.cli.home.Up.Address;
import io.weft.cli.mesh.Stage;
import io.weft.cli.supervise.Part;
import io.weft.cli.supervise.Progress;
import io.weft.cli.terminal.Terminal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells how a start is going: a line when all parts of a milestone are ready. */
final class Milestones implements Progress {

    private static final int NAMED = 3;

    private final Terminal terminal;
    private final Map<Address, URI> addresses;
    private final List<Milestone> milestones = new ArrayList<>();

    private static final class Milestone {
        private final String what;
        private final String detail;
        private final Set<String> open;
        private Duration longest = Duration.ZERO;

        Milestone(String what, String detail, Collection<String> parts) {
            this.what = what;
            this.detail = detail;
            this.open = new HashSet<>(parts);
        }
    }

    Milestones(Terminal terminal, Map<Address, URI> addresses) {
        this.terminal = terminal;
        this.addresses = addresses;
        expect("control plane", shown(Address.CONTROL_PLANE), List.of("config-server"));
        expect("edge gateway", shown(Address.EDGE), List.of("gateway"));
        expect("auth service", shown(Address.AUTH) + "    sign-in", List.of("auth-service"));
        expect(
                "Zipkin",
                shown(Address.ZIPKIN) + "    traces come with a later release",
                List.of("zipkin"));
    }

    /** Adds what there is to tell of the shop. */
    void expectShop(List<Part> shop) {
        List<String> agents = names(shop, Stage.AGENTS);
        expect(
                "services",
                "storefront, orders v1 v2, payments v1 v2 (v2 fails 1 in 5), catalog",
                names(shop, Stage.SERVICES));
        expect("agents", agents.size() + ", mutual TLS between them", agents);
        expect(
                "traffic",
                "5 requests/s, and now and then an intruder",
                names(shop, Stage.VISITORS));
    }

    @Override
    public void ready(Part part, Duration took) {
        for (Milestone milestone : milestones) {
            if (milestone.open.remove(part.name())) {
                milestone.longest =
                        took.compareTo(milestone.longest) > 0 ? took : milestone.longest;
                if (milestone.open.isEmpty()) {
                    terminal.done(milestone.what, milestone.detail, milestone.longest);
                }
            }
        }
    }

    @Override
    public void waiting(Collection<Part> parts) {
        String named =
                parts.stream().limit(NAMED).map(Part::name).collect(Collectors.joining(", "));
        int more = parts.size() - NAMED;
        terminal.passing("waiting for " + named + (more > 0 ? " and " + more + " more" : ""));
    }

    private void expect(String what, String detail, Collection<String> parts) {
        milestones.add(new Milestone(what, detail, parts));
    }

    private String shown(Address address) {
        URI uri = addresses.get(address);
        return uri == null ? "" : "http://localhost:" + uri.getPort();
    }

    private static List<String> names(List<Part> parts, Stage stage) {
        return parts.stream().filter(part -> part.rank() == stage.rank()).map(Part::name).toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs drills by name; ends with 1 when a promise was broken. */
public final class Drills {

    private static final String MINUTES = "--minutes";
    private static final int ROTATION_MINUTES = 10;
    private static final int SHORTEST_ROTATION = 3;

    private Drills() {}

    private static Map<String, Drill> all(int minutes) {
        var all = new LinkedHashMap<String, Drill>();
        all.put("journey", new JourneyDrill());
        all.put("mistakes", new MistakesDrill());
        all.put("sign-in", new SignInDrill());
        all.put("weights", new WeightsDrill());
        all.put("control-plane", new ControlPlaneDrill());
        all.put("instance", new InstanceDrill());
        all.put("deadlines", new DeadlineDrill());
        all.put("mirror", new MirrorDrill());
        all.put("routes", new RoutesDrill());
        all.put("large-bodies", new LargeBodiesDrill());
        all.put("rotation", new RotationDrill(Duration.ofMinutes(minutes)));
        all.put("keys", new KeysDrill());
        all.put("auth-down", new AuthDownDrill());
        all.put("capture", new CaptureDrill());
        all.put("leaks", new LeaksDrill());
        return all;
    }

    public static void main(String[] arguments) throws Exception {
        var names = new ArrayList<>(List.of(arguments));
        Map<String, Drill> all = all(minutes(names));
        for (String name : names) {
            if (!all.containsKey(name)) {
                fail(name + " is no drill (expected: " + all.keySet() + ")");
            }
        }
        Path root = Path.of(System.getProperty("weft.root", "."));
        boolean kept = true;
        for (String name : names.isEmpty() ? all.keySet() : names) {
            kept &= Objects.requireNonNull(all.get(name)).run(root);
        }
        System.exit(kept ? 0 : 1);
    }

    /** How long traffic lasts where that can be chosen; takes it out of the words. */
    private static int minutes(List<String> words) {
        int at = words.indexOf(MINUTES);
        if (at < 0) {
            return ROTATION_MINUTES;
        }
        words.remove(at);
        String value = at < words.size() ? words.remove(at) : "";
        if (!value.matches("\\d{1,3}") || Integer.parseInt(value) < SHORTEST_ROTATION) {
            fail(MINUTES + ": " + value + " (expected: at least " + SHORTEST_ROTATION + ")");
        }
        return Integer.parseInt(value);
    }

    private static void fail(String problem) {
        System.err.println(problem);
        System.exit(2);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs drills by name; ends with 1 when a promise was broken. */
public final class Drills {

    private static final Map<String, Drill> ALL = new LinkedHashMap<>();

    static {
        ALL.put("journey", new JourneyDrill());
        ALL.put("mistakes", new MistakesDrill());
        ALL.put("weights", new WeightsDrill());
        ALL.put("control-plane", new ControlPlaneDrill());
        ALL.put("instance", new InstanceDrill());
        ALL.put("large-bodies", new LargeBodiesDrill());
    }

    private Drills() {}

    public static void main(String[] arguments) throws Exception {
        List<String> names = arguments.length == 0 ? List.copyOf(ALL.keySet()) : List.of(arguments);
        Path root = Path.of(System.getProperty("weft.root", "."));
        boolean kept = true;
        for (String name : names) {
            Drill drill = ALL.get(name);
            if (drill == null) {
                System.err.println(name + " is no drill (expected: " + ALL.keySet() + ")");
                System.exit(2);
                return;
            }
            kept &= drill.run(root);
        }
        System.exit(kept ? 0 : 1);
    }
}

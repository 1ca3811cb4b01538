// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.traffic;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what visitors got. */
final class Tally {

    private static final Logger log = LoggerFactory.getLogger(Tally.class);

    private final Map<String, Integer> outcomes = new TreeMap<>();

    synchronized void add(String outcome) {
        outcomes.merge(outcome, 1, Integer::sum);
    }

    /** Writes the counts since the last time into the log. */
    synchronized void log() {
        log.info(
                outcomes.entrySet().stream()
                        .map(outcome -> outcome.getValue() + " × " + outcome.getKey())
                        .collect(Collectors.joining(", ", "visitors got ", "")));
        outcomes.clear();
    }
}

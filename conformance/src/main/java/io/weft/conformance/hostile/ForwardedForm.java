// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import io.weft.conformance.raw.Fields;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a forwarded request must look like where it arrives. Targets are compared without regard to
 * the case of hexadecimal digits.
 *
 * @param targets the possible ones; empty if it does not matter
 * @param has fields with their one value
 * @param lacksText what must be nowhere in the head
 */
record ForwardedForm(
        Optional<String> method,
        List<String> targets,
        Optional<String> body,
        Map<String, String> has,
        List<String> lacks,
        List<String> lacksText,
        List<String> trailersLack) {

    /** Nothing but canonical. */
    static final ForwardedForm ANY =
            new ForwardedForm(
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Map.of(),
                    List.of(),
                    List.of(),
                    List.of());

    private static final Pattern ESCAPE = Pattern.compile("%[0-9a-fA-F]{2}");

    /** The same, with one of these targets. */
    ForwardedForm to(List<String> others) {
        return new ForwardedForm(method, others, body, has, lacks, lacksText, trailersLack);
    }

    /** The same, with these fields and without those. */
    ForwardedForm with(Map<String, String> fields, List<String> noFields) {
        return new ForwardedForm(method, targets, body, fields, noFields, lacksText, trailersLack);
    }

    /** What is wrong with the request as it arrived; empty if nothing is. */
    List<String> differences(RecordedRequest request) {
        List<String> found = new ArrayList<>(request.departures());
        method.filter(expected -> !expected.equals(request.method()))
                .ifPresent(expected -> found.add("method (expected: " + expected + ")"));
        if (!targets.isEmpty()
                && targets.stream()
                        .noneMatch(t -> comparable(t).equals(comparable(request.target())))) {
            found.add("target (expected: " + targets + ")");
        }
        body.filter(expected -> !expected.equals(Wire.text(request.body())))
                .ifPresent(expected -> found.add("body (expected: " + expected + ")"));
        fields(request.head().fields(), found);
        for (String name : trailersLack) {
            if (request.trailers().has(name)) {
                found.add("trailer " + name + " (expected: none)");
            }
        }
        return found;
    }

    private void fields(Fields fields, List<String> found) {
        has.forEach(
                (name, value) -> {
                    if (!fields.all(name).equals(List.of(value))) {
                        found.add(name + ": " + fields.all(name) + " (expected: " + value + ")");
                    }
                });
        for (String name : lacks) {
            if (fields.has(name)) {
                found.add(name + ": " + fields.all(name) + " (expected: none)");
            }
        }
        for (String text : lacksText) {
            if (fields.toString().contains(text)) {
                found.add("text " + text + " in a field");
            }
        }
    }

    private static String comparable(String target) {
        return ESCAPE.matcher(target).replaceAll(ForwardedForm::upperCase);
    }

    private static String upperCase(MatchResult escape) {
        return escape.group().toUpperCase(Locale.ROOT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

import io.weft.conformance.raw.Field;
import io.weft.conformance.raw.Fields;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A whole answer to a request of a load client.
 *
 * @param number which request it answers, from 0
 * @param sinceStart when it was complete, measured from the start of the run
 * @param latency measured from the intended start of the request
 * @param head status line and fields as they came
 * @param body the first 64 KiB of the body, one character for each byte
 */
public record Answer(
        long number, Duration sinceStart, Duration latency, int status, String head, String body) {

    public Optional<String> header(String name) {
        return fields().first(name);
    }

    public Fields fields() {
        return new Fields(
                Arrays.stream(head.split("\r\n", -1))
                        .skip(1)
                        .filter(line -> line.indexOf(':') > 0)
                        .map(Answer::field)
                        .toList());
    }

    private static Field field(String line) {
        int colon = line.indexOf(':');
        return new Field(line.substring(0, colon), line.substring(colon + 1).strip());
    }
}

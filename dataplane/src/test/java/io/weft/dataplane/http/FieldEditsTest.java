// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.weft.policy.request.HeaderName;
import io.weft.policy.route.HeaderEdits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldEditsTest {

    private static final FieldEdits EDITS =
            FieldEdits.of(
                    new HeaderEdits(
                            List.of(field("x-set", "new")),
                            List.of(field("x-add", "more")),
                            List.of(HeaderName.of("x-gone"))));

    private static final String RESPONSE =
            String.join(
                    "\r\n",
                    "HTTP/1.1 200 Fine",
                    "X-SET: old",
                    "x-set: older",
                    "X-Add: one",
                    "X-Gone: 1",
                    "x-weft-unprocessed: 1",
                    "X-Kept: 1",
                    "content-length: 0",
                    "",
                    "");

    private static HeaderEdits.Field field(String name, String value) {
        return new HeaderEdits.Field(HeaderName.of(name), value);
    }

    private static ResponseHead response(String text) {
        var head = new ResponseHead(HttpLimits.DEFAULT);
        assertThat(head.feed(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1)))
                .isEqualTo(Progress.COMPLETE);
        return head;
    }

    @Test
    void setReplacesAddKeepsRemoveTakesAway() {
        var out = Unpooled.buffer();
        new HeadWriter().response(response(RESPONSE), EDITS).endTo(out);

        assertThat(out.toString(StandardCharsets.US_ASCII).split("\r\n"))
                .containsExactly(
                        "HTTP/1.1 200 Fine",
                        "X-Add: one",
                        "X-Kept: 1",
                        "x-set: new",
                        "x-add: more");
    }

    @Test
    void hostsWithoutBytesSeeTheSame() {
        var seen = new ArrayList<String>();
        response(RESPONSE).forEachPassing(EDITS, (name, value) -> seen.add(name + ": " + value));

        assertThat(seen).containsExactly("X-Add: one", "X-Kept: 1", "x-set: new", "x-add: more");
    }

    @Test
    void nothingToDoIsOneObject() {
        assertThat(FieldEdits.of(HeaderEdits.NONE)).isSameAs(FieldEdits.NONE);
    }

    @Test
    void onlyARefusalCanBeUnprocessed() {
        assertThat(response(RESPONSE).isUnprocessed()).isFalse();
        assertThat(response(RESPONSE.replace("200", "503")).isUnprocessed()).isTrue();
    }
}

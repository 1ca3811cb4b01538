// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.request.Sources;
import io.weft.policy.route.Match;
import io.weft.policy.route.PathChange;
import io.weft.policy.route.PathMatch;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathRewriteTest {

    /** The table of the Gateway API's {@code ReplacePrefixMatch}, and what it leaves open. */
    @ParameterizedTest
    @CsvSource({
        "/foo/bar, /foo, /xyz, /xyz/bar",
        "/foo/, /foo, /xyz, /xyz/",
        "/foo, /foo, /xyz, /xyz",
        "/foo/bar, /foo, /, /bar",
        "/foo/, /foo, /, /",
        "/foo, /foo, /, /",
        "/, /, /xyz, /xyz",
        "/bar, /, /xyz, /xyz/bar",
        "/bar, /, /, /bar",
        "/foobar, /foo, /xyz, /foobar",
        "/fo, /foo, /xyz, /fo",
    })
    void replacesThePrefix(String path, String prefix, String replacement, String expected) {
        assertThat(rewritten(path, prefix, new PathChange.Prefix(replacement))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"/foo/bar, /xyz", "/, /xyz", "/foo, /"})
    void replacesAll(String path, String replacement) {
        assertThat(rewritten(path, "/", new PathChange.Full(replacement))).isEqualTo(replacement);
    }

    private static String rewritten(String path, String prefix, PathChange change) {
        var match =
                new Match(
                        new PathMatch.Prefix(prefix),
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        Sources.ANY,
                        null);
        return PathRewrite.of(change, List.of(match)).of(path);
    }
}

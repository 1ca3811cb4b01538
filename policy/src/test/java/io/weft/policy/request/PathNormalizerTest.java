// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.CpuTime;
import io.weft.policy.Seed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathNormalizerTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/public/../admin, /admin",
        "/public/%2e%2e/admin, /admin",
        "/public/%2E./admin, /admin",
        "/public/%252e%252e/admin, /public/%252e%252e/admin",
        "/public/..%252fadmin, /public/..%252fadmin",
        "/%61dmin, /admin",
        "/adm%69n/x, /admin/x",
        "/%7e%5f%2D%39, /~_-9",
        "/admin/, /admin/",
        "/admin//, /admin/",
        "/admin/., /admin/",
        "/admin/%2e, /admin/",
        "/admin/.., /",
        "/admin/x/.., /admin/",
        "/./admin, /admin",
        "//admin, /admin",
        "///, /",
        "/a//b///c, /a/b/c",
        "/a//../b, /b",
        "/a/.../b, /a/.../b",
        "/..a/b.., /..a/b..",
        "/.hidden, /.hidden",
        "/public/%ef%bc%8e%ef%bc%8e/admin, /public/%ef%bc%8e%ef%bc%8e/admin",
        "/caf%C3%a9/%f0%9f%98%80, /caf%C3%a9/%f0%9f%98%80",
        "/a%20b%3f%23%5B%25, /a%20b%3f%23%5B%25",
        "/!$&'()*+=:@, /!$&'()*+=:@",
        "'/a,b', '/a,b'"
    })
    void bringsPathsIntoOneForm(String path, String normal) {
        assertThat(normalize(path)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource({
        "'', NOT_ABSOLUTE",
        "admin, NOT_ABSOLUTE",
        "*, NOT_ABSOLUTE",
        "http://a.test/, NOT_ABSOLUTE",
        "/public/..%2fadmin, AMBIGUOUS_ESCAPE",
        "/public/%2e%2e%2fadmin, AMBIGUOUS_ESCAPE",
        "/public%2F..%2fadmin, AMBIGUOUS_ESCAPE",
        "/public%5cadmin, AMBIGUOUS_ESCAPE",
        "/public%3badmin, AMBIGUOUS_ESCAPE",
        "/public%00, AMBIGUOUS_ESCAPE",
        "/public\\..\\admin, AMBIGUOUS_CHARACTER",
        "/public;x=y/admin, AMBIGUOUS_CHARACTER",
        "/public/%c0%ae%c0%ae/admin, NOT_UTF8",
        "/public/%e0%80%ae%e0%80%ae/admin, NOT_UTF8",
        "/public/%ff, NOT_UTF8",
        "/public/%ed%a0%80, NOT_UTF8",
        "/public/%f4%90%80%80, NOT_UTF8",
        "/public/%f0%8f%bf%bf, NOT_UTF8",
        "/public/%80, NOT_UTF8",
        "/public/%c3, NOT_UTF8",
        "/public/%c3/%a9, NOT_UTF8",
        "/public/%c3%41, NOT_UTF8",
        "/public/é, BAD_CHARACTER",
        "/a b, BAD_CHARACTER",
        "/a#b, BAD_CHARACTER",
        "/a?b, BAD_CHARACTER",
        "/a\"b, BAD_CHARACTER",
        "/a|b, BAD_CHARACTER",
        "/[a], BAD_CHARACTER",
        "/a%, BAD_ESCAPE",
        "/a%2, BAD_ESCAPE",
        "/a%2g, BAD_ESCAPE",
        "/a%-1, BAD_ESCAPE",
        "/%u002e, BAD_ESCAPE",
        "/.., ABOVE_ROOT",
        "/../admin, ABOVE_ROOT",
        "//../admin, ABOVE_ROOT",
        "/a/../../admin, ABOVE_ROOT",
        "/%2e%2E/admin, ABOVE_ROOT"
    })
    void refusesPathsThatReadersCouldUnderstandDifferently(String path, PathFault fault) {
        assertThat(normalize(path)).isEqualTo(fault.name());
    }

    @Test
    void refusesControlCharacters() {
        for (char c = 0; c < ' '; c++) {
            assertThat(normalize("/a" + c)).isEqualTo("BAD_CHARACTER");
        }
        assertThat(normalize("/a\u007f")).isEqualTo("BAD_CHARACTER");
    }

    @Test
    void refusesTooManySegments() {
        String most = "/a".repeat(PathNormalizer.MAX_SEGMENTS);

        assertThat(normalize(most)).isEqualTo(most);
        assertThat(normalize(most + "/a")).isEqualTo("TOO_MANY_SEGMENTS");
        assertThat(normalize("/public/" + "a/../".repeat(5_000) + "admin"))
                .isEqualTo("TOO_MANY_SEGMENTS");
        assertThat(normalize("/".repeat(PathNormalizer.MAX_SEGMENTS + 1)))
                .isEqualTo("TOO_MANY_SEGMENTS");
    }

    @Test
    void takesLinearTime() {
        String longSegments = ("/" + "%61".repeat(100_000) + "/..").repeat(100);

        assertThat(CpuTime.of(() -> assertThat(normalize(longSegments)).isEqualTo("/")))
                .isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void agreesWithTheNaiveReading() {
        Random random = Seed.random(PathNormalizerTest.class);
        int normal = 0;
        for (int i = 0; i < 200_000; i++) {
            String path = path(random);
            String expected = naive(path);
            normal += expected.isEmpty() ? 0 : 1;

            String result = normalize(path);

            assertThat(result.startsWith("/") ? result : "").as(path).isEqualTo(expected);
        }
        assertThat(normal).as("sound paths among the random ones").isGreaterThan(50_000);
    }

    @Test
    void formIsStable() {
        Random random = Seed.random(PathNormalizerTest.class);
        for (int i = 0; i < 200_000; i++) {
            String normal = normalize(path(random));
            if (normal.startsWith("/")) {
                assertThat(normalize(normal)).isEqualTo(normal);
                assertThat(normal).doesNotContain("//");
                assertThat(List.of(normal.split("/", -1))).doesNotContain(".", "..");
                assertThat(upperCase(upperCase(normal))).isEqualTo(upperCase(normal));
            }
        }
    }

    @Test
    void worksInPlaceAndAnywhereInAnArray() {
        Random random = Seed.random(PathNormalizerTest.class);
        for (int i = 0; i < 50_000; i++) {
            String path = path(random);
            byte[] bytes = ("xx" + path + "/..").getBytes(ISO_8859_1);
            int end = PathNormalizer.normalize(bytes, 2, 2 + path.length(), bytes, 2);

            assertThat(result(bytes, 2, end)).as(path).isEqualTo(normalize(path));
            assertThat(new String(bytes, 2 + path.length(), 3, ISO_8859_1)).isEqualTo("/..");
        }
    }

    @Test
    void writesEscapesInUpperCaseOnlyWhenTheyAreNot() {
        byte[] to = new byte[9];

        assertThat(PathNormalizer.upperCaseEscapes("/%C3%A9af".getBytes(ISO_8859_1), 0, 9, to, 0))
                .isFalse();
        assertThat(to).containsOnly(0);
        assertThat(upperCase("/%c3%a9af")).isEqualTo("/%C3%A9af");
        assertThat(upperCase("/%2fx%c3%A9")).isEqualTo("/%2Fx%C3%A9");
    }

    private static String normalize(String path) {
        byte[] from = path.getBytes(ISO_8859_1);
        byte[] to = new byte[from.length];
        return result(to, 0, PathNormalizer.normalize(from, 0, from.length, to, 0));
    }

    private static String result(byte[] to, int start, int end) {
        return end < 0
                ? PathNormalizer.failure(end).name()
                : new String(to, start, end - start, ISO_8859_1);
    }

    private static String upperCase(String normal) {
        byte[] from = normal.getBytes(ISO_8859_1);
        byte[] to = new byte[from.length];
        return PathNormalizer.upperCaseEscapes(from, 0, from.length, to, 0)
                ? new String(to, ISO_8859_1)
                : normal;
    }

    private static String path(Random random) {
        var path = new StringBuilder();
        List<String> usual = List.of("/", "/", "/", "a", "B", ".", "..", "%2e", "%41", "%c3%a9");
        List<String> odd = List.of("%", "%2", "%2f", "%c3", "%a9", ";", "\\", "é", "%00", "*");
        boolean plain = random.nextInt(3) > 0;
        for (int i = random.nextInt(14); i >= 0; i--) {
            path.append(Seed.oneOf(random, plain || random.nextInt(6) > 0 ? usual : odd));
        }
        return random.nextInt(20) > 0 ? "/" + path : path.toString();
    }

    /** The normal form by way of lists and decoders; empty for a path that is refused. */
    private static String naive(String path) {
        if (!path.startsWith("/") || !path.matches("(%[0-9A-Fa-f]{2}|[-\\w.~!$&'()*+,=:@/])*")) {
            return "";
        }
        String decoded = decodeUnreserved(path);
        if (decoded.isEmpty()) {
            return "";
        }
        String[] pieces = decoded.substring(1).split("/", -1);
        if (pieces.length > PathNormalizer.MAX_SEGMENTS) {
            return "";
        }
        var kept = new ArrayDeque<String>();
        for (String piece : pieces) {
            if (piece.equals("..") && kept.pollLast() == null) {
                return "";
            } else if (!List.of("", ".", "..").contains(piece)) {
                kept.add(piece);
            }
        }
        boolean open = List.of("", ".", "..").contains(pieces[pieces.length - 1]);
        return "/" + String.join("/", kept) + (open && !kept.isEmpty() ? "/" : "");
    }

    private static String decodeUnreserved(String path) {
        var decoded = new StringBuilder();
        var highBytes = new ByteArrayOutputStream();
        for (int i = 0; i <= path.length(); i++) {
            boolean escape = i < path.length() && path.charAt(i) == '%';
            int value = escape ? Integer.parseInt(path, i + 1, i + 3, 16) : 0;
            if (value >= 0x80) {
                highBytes.write(value);
            } else if (!isUtf8(highBytes.toByteArray())) {
                return "";
            } else {
                highBytes.reset();
            }
            if (!escape) {
                decoded.append(i < path.length() ? path.charAt(i) : "");
                continue;
            }
            if ("/\\;\0".indexOf(value) >= 0) {
                return "";
            }
            boolean unreserved = Character.toString(value).matches("[-A-Za-z0-9._~]");
            decoded.append(unreserved ? Character.toString(value) : path.substring(i, i + 3));
            i += 2;
        }
        return decoded.toString();
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.weft.policy.CpuTime;
import io.weft.policy.document.Node.Entry;
import io.weft.policy.document.Node.Mapping;
import io.weft.policy.document.Node.Refused;
import io.weft.policy.document.Node.Scalar;
import io.weft.policy.document.Node.Sequence;
import io.weft.policy.document.YamlReader.Reading;
import io.weft.policy.problem.Position;
import io.weft.policy.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on",
                "off",
                "yes",
                "no",
                "true",
                "1.10",
                "010",
                "0x1f",
                "0o17",
                "100_000",
                "12:30:00",
                "2027-01-01",
                "2027-01-01T00:00:00Z",
                ".inf",
                "1e3",
                "=",
                "orders/v1"
            })
    void keepsTheTextThatWasWritten(String text) {
        assertThat(root("key: " + text).get("key")).isEqualTo(scalar(1, 6, text));
        assertThat(root(text + ": value").entries().getFirst().key()).isEqualTo(scalar(1, 1, text));
    }

    @Test
    void tellsNothingFromTextThatReadsLikeNothing() {
        Node root = root("a:\nb: ~\nc: null\nd: ''\ne: \"null\"\nf: '~'\n");

        assertThat(Stream.of("a", "b", "c").map(root::get))
                .allSatisfy(node -> assertThat(((Scalar) node).isNothing()).isTrue());
        assertThat(Stream.of("d", "e", "f").map(root::get))
                .allSatisfy(node -> assertThat(((Scalar) node).isNothing()).isFalse());
    }

    @Test
    void knowsThePlaceOfEveryKeyAndValue() {
        assertPositionsAreExact(
                """
                weft:
                  routes:
                    shop: { at: edge, hosts: [shop.example, "*.shop.example"],
                            rules: {all: {to: {storefront: 100}}} }
                    'quoted key': "quoted value"
                    # a comment, then a list
                    list:
                      - one
                      -   two
                      - [three, {four: five}]
                  block:
                      deeper:   value
                """);
    }

    @Test
    void countsColumnsInCodePoints() {
        assertPositionsAreExact("{\"😀\": x, é: y, 日本: [z, \"😀😀\", w], q: 😀 }");
        assertThat(root("{\"😀\": x}").get("😀")).isEqualTo(scalar(1, 7, "x"));
    }

    @Test
    void countsLinesWhateverEndsThem() {
        for (String end : List.of("\n", "\r\n", "\r")) {
            String text = String.join(end, "a: 1", "b:", "  c: 2", "  d: {e: 3}", "");
            assertThat(at(root(text), "b", "d", "e")).isEqualTo(scalar(4, 10, "3"));
        }
    }

    @Test
    void doesNotTakeAMarkAtTheBeginForText() {
        assertThat(root("\uFEFFweft: x").entries().getFirst().key())
                .isEqualTo(scalar(1, 1, "weft"));
    }

    @Test
    void refusesMarksThatWouldHideInAKey() {
        assertThat(refused("a: b\n---\n\uFEFFweft: x\n"))
                .isEqualTo(
                        new Problem(
                                new Position("f.yml", 3, 1),
                                "",
                                "\\uFEFF",
                                "not YAML: character that a document cannot have",
                                ""));
    }

    @Test
    void pointsAtCharactersThatNoDocumentMayHave() {
        assertThat(refused("a: 1\r\nb: 😀\u0001\n").at()).isEqualTo(new Position("f.yml", 2, 5));
        assertThat(refused("a: \"\0\"").value()).isEqualTo("\\u0000");
        assertThat(refused("a: \uD83D\n").value()).isEqualTo("\\uD83D");
        assertThat(refused("a: \u007F\n").at()).isEqualTo(new Position("f.yml", 1, 4));
    }

    @Test
    void refusesTabsAsIndentation() {
        assertThat(refused("weft:\n\ta: b\n"))
                .satisfies(
                        problem -> assertThat(problem.at()).isEqualTo(new Position("f.yml", 2, 1)))
                .satisfies(problem -> assertThat(problem.message()).contains("TAB"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: {b: c\n",
                "a: b: c\n",
                "a: [1, 2\nb: 3\n",
                "a: 'never ends\n",
                "a: b\n c: d\n",
                "a: @b\n",
                "%YAML 2.0\n---\na: b\n",
                "key: &anchor\n *anchor : x: y\n",
                "\"\\q\": x",
                "a: |9x\n  b\n"
            })
    void refusesWhatIsNotYaml(String text) {
        assertThat(refused(text).message()).containsPattern("not YAML|unknown version of YAML");
    }

    @Test
    void keepsRepeatedKeysForTheReaderToRefuse() {
        assertThat(root("a: 1\na: 2\n").entries())
                .containsExactly(
                        new Entry(scalar(1, 1, "a"), scalar(1, 4, "1")),
                        new Entry(scalar(2, 1, "a"), scalar(2, 4, "2")));
    }

    @Test
    void readsEveryDocumentOfAFile() {
        Reading reading = YamlReader.read("f.yml", "a: 1\n---\n---\nb: 2\n...\n# c\n---\nd: 3\n");

        assertThat(((Reading.Documents) reading).roots()).hasSize(4);
        assertThat(YamlReader.read("f.yml", "")).isEqualTo(new Reading.Documents(List.of()));
        assertThat(YamlReader.read("f.yml", "# nothing\n"))
                .isEqualTo(new Reading.Documents(List.of()));
    }

    @Test
    void readsRootsThatAreNoMapping() {
        assertThat(root("hello")).isInstanceOf(Scalar.class);
        assertThat(root("- a\n- b\n")).isInstanceOf(Sequence.class);
        assertThat(root("!!map {a: b}")).isInstanceOf(Refused.class);
    }

    @Test
    void followsNoTag() {
        Node root =
                root(
                        "a: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader"
                                + " [[!!java.net.URL [\"http://127.0.0.1/\"]]]]\n"
                                + "b: !local x\nc: !!str 5\n!k d: e\n");

        assertThat(root.get("a"))
                .isEqualTo(
                        new Refused(
                                new Position("f.yml", 1, 4),
                                "tag:yaml.org,2002:javax.script.ScriptEngineManager",
                                "tags are not part of a policy"));
        assertThat(root.get("b")).isInstanceOf(Refused.class);
        assertThat(root.get("c")).isInstanceOf(Refused.class);
        assertThat(root.entries().getLast().isRefused()).isTrue();
    }

    @Test
    void refusesKeysThatMergeOrAreNoText() {
        Node root = root("a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n  ? [c]\n  : d\n  '<<': e\n");

        List<Entry> entries = at(root, "b").entries();
        assertThat(entries).map(Entry::isRefused).containsExactly(true, false, true, false);
        assertThat(entries.getFirst().value())
                .isEqualTo(
                        new Refused(
                                new Position("f.yml", 3, 3),
                                "<<",
                                "merge keys are not part of YAML 1.2"));
    }

    @Test
    void repeatsWhatAnAliasNames() {
        Node root = root("a: &x {b: c}\nd: *x\ne: *y\n");

        assertThat(root.get("d")).isEqualTo(root.get("a"));
        assertThat(root.get("e"))
                .isEqualTo(new Refused(new Position("f.yml", 3, 4), "*y", "unknown alias"));
    }

    @Test
    void survivesAnAliasBomb() {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            String before = ", *a" + (i - 1);
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, before.repeat(10).substring(2)));
        }
        assertThat(refused(bomb.toString()))
                .satisfies(p -> assertThat(p.message()).isEqualTo("aliases repeat too much"))
                .satisfies(p -> assertThat(p.at().line()).isEqualTo(5));
    }

    @Test
    void survivesAnchorsThatReferToThemselves() {
        assertThat(root("a: &a [*a, *a]\n").get("a"))
                .isInstanceOfSatisfying(
                        Sequence.class,
                        all -> assertThat(all.items()).allMatch(Refused.class::isInstance));
    }

    @Test
    void aliasesDoNotNestDeeperThanDocuments() {
        String deep = "[".repeat(30) + "]".repeat(30);

        assertThat(refused("a: &a " + deep + "\nb: " + "[".repeat(30) + "*a" + "]".repeat(30)))
                .satisfies(p -> assertThat(p.message()).isEqualTo("nested too deeply"));
    }

    @Test
    void refusesDeepNestingWhereItBecomesTooDeep() {
        assertThat(refused("[".repeat(1_000) + "]".repeat(1_000)))
                .isEqualTo(
                        new Problem(
                                new Position("f.yml", 1, 52),
                                "",
                                "",
                                "nested too deeply",
                                "at most 50 levels"));
        assertThat(refused("[".repeat(1_000_000)).message()).isEqualTo("nested too deeply");
        assertThat(refused("- ".repeat(1_000_000)).message()).isEqualTo("nested too deeply");
        assertThat(refused("? ".repeat(1_000_000)).message()).isEqualTo("nested too deeply");
        var block = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            block.append(" ".repeat(i)).append("a:\n");
        }
        assertThat(refused(block.toString()).at()).isEqualTo(new Position("f.yml", 51, 51));
    }

    @Test
    void refusesFiftyMegabytesAtOnce() {
        String large = "a: b\n".repeat(10_000_000);

        assertThat(refused(large).message()).isEqualTo("document too large: 50000000 characters");
    }

    @Test
    void readsLongDocumentsInLinearTime() {
        // Mapping keys are what YAML parsers are slow at; a quadratic one would take minutes.
        String text = "{" + "a: b, ".repeat(100_000) + "}";

        assertThat(CpuTime.of(() -> assertThat(root(text).entries()).hasSize(100_000)))
                .isLessThan(Duration.ofSeconds(5));
    }

    private static void assertPositionsAreExact(String text) {
        List<String> lines = text.lines().toList();
        var scalars = new ArrayList<Scalar>();
        collect(root(text), scalars);
        assertThat(scalars).hasSizeGreaterThan(5);
        for (Scalar scalar : scalars) {
            int[] line = lines.get(scalar.at().line() - 1).codePoints().toArray();
            int column = scalar.at().column() - 1 + (scalar.quoted() ? 1 : 0);
            assertThat(new String(line, column, line.length - column))
                    .as("at %s", scalar.at())
                    .startsWith(scalar.text());
        }
    }

    private static void collect(Node node, List<Scalar> scalars) {
        switch (node) {
            case Scalar scalar -> scalars.add(scalar);
            case Sequence sequence -> sequence.items().forEach(item -> collect(item, scalars));
            case Mapping mapping ->
                    mapping.entries()
                            .forEach(
                                    entry -> {
                                        scalars.add(entry.key());
                                        collect(entry.value(), scalars);
                                    });
            case Refused refused -> fail("refused " + refused);
        }
    }

    private static Node at(Node root, String... keys) {
        Node node = root;
        for (String key : keys) {
            node = Objects.requireNonNull(node.get(key), key);
        }
        return node;
    }

    private static Scalar scalar(int line, int column, String text) {
        return new Scalar(new Position("f.yml", line, column), text, false);
    }

    private static Node root(String text) {
        return switch (YamlReader.read("f.yml", text)) {
            case Reading.Documents(List<Node> roots) -> roots.getFirst();
            case Reading.Unreadable(Problem problem) -> throw new AssertionError(problem);
        };
    }

    private static Problem refused(String text) {
        return switch (YamlReader.read("f.yml", text)) {
            case Reading.Documents documents -> throw new AssertionError(documents);
            case Reading.Unreadable(Problem problem) -> problem;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.document;

import io.weft.policy.document.Node.Entry;
import io.weft.policy.document.Node.Mapping;
import io.weft.policy.document.Node.Refused;
import io.weft.policy.document.Node.Scalar;
import io.weft.policy.document.Node.Sequence;
import io.weft.policy.problem.Position;
import io.weft.policy.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads YAML 1.2 from parser events into {@link Node}s. No value is interpreted and no tag is
 * followed, so there is nothing a document can make this class do but use a bounded amount of
 * memory.
 */
public final class YamlReader {

    /** Larger documents are refused: 10,000 routes with rules are about 4 MiB. */
    public static final int MAX_CODE_POINTS = 16 * 1024 * 1024;

    /** Nodes of a file, aliases counted as what they repeat; so many take about 200 MiB. */
    static final int MAX_NODES = 2_000_000;

    /** What aliases may add: enough for shared header edits, too little for an alias bomb. */
    static final int MAX_ALIASED_NODES = 100_000;

    static final int MAX_DEPTH = 50;

    private final String file;
    private final Iterator<Event> events;
    private final Map<String, Anchored> anchors = new HashMap<>();

    /** One string for each text: most keys and values of a large policy occur again and again. */
    private final Map<String, String> texts = new HashMap<>();

    private int nodes;
    private int aliased;

    private YamlReader(String file, Iterator<Event> events) {
        this.file = file;
        this.events = events;
    }

    /** The documents of one file, or the one problem that makes it unreadable. */
    public sealed interface Reading {
        record Documents(List<Node> roots) implements Reading {}

        record Unreadable(Problem problem) implements Reading {}
    }

    public static Reading read(String file, String text) {
        if (text.length() > MAX_CODE_POINTS) {
            return new Reading.Unreadable(
                    new Problem(
                            Position.of(file),
                            "",
                            "",
                            "document too large: " + text.length() + " characters",
                            "at most " + MAX_CODE_POINTS));
        }
        Problem refused = refusedCharacter(file, text);
        if (refused != null) {
            return new Reading.Unreadable(refused);
        }
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(file)
                        .setCodePointLimit(MAX_CODE_POINTS)
                        .setUseMarks(true)
                        .build();
        try {
            var events = new Parse(settings).parseString(text).iterator();
            return new Reading.Documents(new YamlReader(file, events).documents());
        } catch (TooMuchException e) {
            return new Reading.Unreadable(e.problem);
        } catch (MarkedYamlEngineException e) {
            return new Reading.Unreadable(notYaml(file, e));
        } catch (YamlVersionException e) {
            return new Reading.Unreadable(
                    new Problem(
                            Position.of(file),
                            "%YAML",
                            e.getSpecVersion().getRepresentation(),
                            "unknown version of YAML",
                            "1.2"));
        } catch (YamlEngineException e) {
            return new Reading.Unreadable(
                    new Problem(Position.of(file), "", "", "not YAML: " + e.getMessage(), ""));
        }
    }

    /**
     * The first character that no document may have, with its place, which the parser would not
     * tell. A byte order mark is one of them anywhere but at the begin: it would silently become
     * part of a key.
     */
    private static @Nullable Problem refusedCharacter(String file, String text) {
        int line = 1;
        int column = 1;
        for (int i = text.startsWith("\uFEFF") ? 1 : 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            int next = i + Character.charCount(point);
            if (!StreamReader.isPrintable(point) || point == 0xFEFF) {
                return new Problem(
                        new Position(file, line, column),
                        "",
                        "\\u%04X".formatted(point),
                        "not YAML: character that a document cannot have",
                        "");
            }
            boolean endsLine = point == '\n' || point == '\r' && !text.startsWith("\n", next);
            line = endsLine ? line + 1 : line;
            column = endsLine ? 1 : column + 1;
            i = next;
        }
        return null;
    }

    private static Problem notYaml(String file, MarkedYamlEngineException e) {
        Position at =
                e.getProblemMark()
                        .or(e::getContextMark)
                        .map(mark -> position(file, mark))
                        .orElseGet(() -> Position.of(file));
        String context = e.getContext() == null ? "" : e.getContext() + ", ";
        return new Problem(at, "", "", "not YAML: " + context + e.getProblem(), "");
    }

    private List<Node> documents() {
        var roots = new ArrayList<Node>();
        while (events.hasNext()) {
            Event event = events.next();
            if (event.getEventId() == Event.ID.DocumentStart) {
                anchors.clear();
                roots.add(node(events.next(), 0));
            }
        }
        return roots;
    }

    private Node node(Event event, int depth) {
        Position at = position(event);
        if (depth > MAX_DEPTH) {
            throw tooDeep(at);
        }
        count(at);
        if (event instanceof AliasEvent alias) {
            return repeat(alias, at, depth);
        }
        int before = nodes;
        Node node =
                switch (event) {
                    case ScalarEvent scalar -> scalar(scalar, at);
                    case CollectionStartEvent start -> collection(start, at, depth);
                    default -> throw new IllegalStateException("unexpected " + event.getEventId());
                };
        ((NodeEvent) event)
                .getAnchor()
                .ifPresent(a -> anchors.put(a.getValue(), new Anchored(node, nodes - before + 1)));
        return node;
    }

    private Node scalar(ScalarEvent event, Position at) {
        if (hasTag(event.getTag())) {
            return new Refused(at, event.getTag().orElseThrow(), "tags are not part of a policy");
        }
        String text = texts.computeIfAbsent(event.getValue(), same -> same);
        return new Scalar(at, text, event.getScalarStyle() != ScalarStyle.PLAIN);
    }

    private Node collection(CollectionStartEvent event, Position at, int depth) {
        Node node =
                event.getEventId() == Event.ID.MappingStart
                        ? mapping(at, depth)
                        : sequence(at, depth);
        return hasTag(event.getTag())
                ? new Refused(at, event.getTag().orElseThrow(), "tags are not part of a policy")
                : node;
    }

    private Node sequence(Position at, int depth) {
        var items = new ArrayList<Node>();
        Event event = events.next();
        while (event.getEventId() != Event.ID.SequenceEnd) {
            items.add(node(event, depth + 1));
            event = events.next();
        }
        return new Sequence(at, items);
    }

    private Node mapping(Position at, int depth) {
        var entries = new ArrayList<Entry>();
        Event event = events.next();
        while (event.getEventId() != Event.ID.MappingEnd) {
            Node key = node(event, depth + 1);
            entries.add(entry(key, node(events.next(), depth + 1)));
            event = events.next();
        }
        return new Mapping(at, entries);
    }

    private static Entry entry(Node key, Node value) {
        return switch (key) {
            case Scalar(_, String text, boolean quoted) when text.equals("<<") && !quoted ->
                    Entry.refused(key, "merge keys are not part of YAML 1.2");
            case Scalar scalar -> new Entry(scalar, value);
            case Refused refused -> Entry.refused(key, refused.why());
            case Mapping _, Sequence _ -> Entry.refused(key, "a key must be text");
        };
    }

    private Node repeat(AliasEvent alias, Position at, int depth) {
        Anchored anchored = anchors.get(alias.getAlias().getValue());
        if (anchored == null) {
            return new Refused(at, "*" + alias.getAlias().getValue(), "unknown alias");
        }
        nodes += anchored.nodes - 1;
        aliased += anchored.nodes;
        if (aliased > MAX_ALIASED_NODES) {
            throw tooMuch(at, "aliases repeat too much", "at most " + MAX_ALIASED_NODES + " nodes");
        }
        if (depth + height(anchored.node) > MAX_DEPTH) {
            throw tooDeep(at);
        }
        return anchored.node;
    }

    /** How many levels there are below a node. */
    private static int height(Node node) {
        return switch (node) {
            case Scalar _, Refused _ -> 0;
            case Mapping(_, List<Entry> entries) ->
                    1 + entries.stream().mapToInt(each -> height(each.value())).max().orElse(0);
            case Sequence(_, List<Node> items) ->
                    1 + items.stream().mapToInt(YamlReader::height).max().orElse(0);
        };
    }

    private void count(Position at) {
        if (++nodes > MAX_NODES) {
            throw tooMuch(at, "too many values", "at most " + MAX_NODES);
        }
    }

    private static boolean hasTag(Optional<String> tag) {
        // "!" is the non-specific tag: it only says that the text is to be taken as it stands.
        return tag.isPresent() && !tag.get().equals("!");
    }

    private Position position(Event event) {
        return event.getStartMark()
                .map(mark -> position(file, mark))
                .orElseGet(() -> Position.of(file));
    }

    private static Position position(String file, Mark mark) {
        return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static TooMuchException tooDeep(Position at) {
        return tooMuch(at, "nested too deeply", "at most " + MAX_DEPTH + " levels");
    }

    private static TooMuchException tooMuch(Position at, String message, String expected) {
        return new TooMuchException(new Problem(at, "", "", message, expected));
    }

    private record Anchored(Node node, int nodes) {}

    /** Leaves the recursion when a limit is passed. */
    private static final class TooMuchException extends RuntimeException {
        private final Problem problem;

        private TooMuchException(Problem problem) {
            super(problem.message(), null, false, false);
            this.problem = problem;
        }
    }

    /** The text of a node if it is one, for callers that only look. */
    public static @Nullable String text(Node node) {
        return node instanceof Scalar scalar && !scalar.isNothing() ? scalar.text() : null;
    }
}

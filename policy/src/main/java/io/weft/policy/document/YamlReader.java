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

/**
 * Reads YAML 1.2 from parser events into {@link Node}s. No value is interpreted and no tag is
 * followed, so there is nothing a document can make this class do but use a bounded amount of
 * memory.
 */
public final class YamlReader {

    /** Larger documents are refused: 10,000 routes with rules are about 4 MiB. */
    public static final int MAX_CODE_POINTS = 16 * 1024 * 1024;

    /** Nodes of a document, aliases counted as what they repeat. */
    static final int MAX_NODES = 4_000_000;

    /** What aliases may add: enough for shared header edits, too little for an alias bomb. */
    static final int MAX_ALIASED_NODES = 100_000;

    static final int MAX_DEPTH = 50;

    private final String file;
    private final Iterator<Event> events;
    private final Map<String, Anchored> anchors = new HashMap<>();
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
        } catch (YamlEngineException e) {
            return new Reading.Unreadable(
                    new Problem(Position.of(file), "", "", "not YAML: " + e.getMessage(), ""));
        }
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
            throw tooMuch(at, "nested too deeply", "at most " + MAX_DEPTH + " levels");
        }
        count(at);
        if (event instanceof AliasEvent alias) {
            return repeat(alias, at);
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
        return new Scalar(at, event.getValue(), event.getScalarStyle() != ScalarStyle.PLAIN);
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
        Node refused = null;
        Event event = events.next();
        while (event.getEventId() != Event.ID.MappingEnd) {
            Node key = node(event, depth + 1);
            Node value = node(events.next(), depth + 1);
            switch (key) {
                case Scalar scalar -> entries.add(new Entry(scalar, value));
                case Refused tagged -> refused = tagged;
                case Mapping m -> refused = new Refused(m.at(), m.shown(), "a key must be text");
                case Sequence s -> refused = new Refused(s.at(), s.shown(), "a key must be text");
            }
            event = events.next();
        }
        return refused == null ? new Mapping(at, entries) : refused;
    }

    private Node repeat(AliasEvent alias, Position at) {
        Anchored anchored = anchors.get(alias.getAlias().getValue());
        if (anchored == null) {
            return new Refused(at, "*" + alias.getAlias().getValue(), "unknown alias");
        }
        nodes += anchored.nodes - 1;
        aliased += anchored.nodes;
        if (aliased > MAX_ALIASED_NODES) {
            throw tooMuch(at, "aliases repeat too much", "at most " + MAX_ALIASED_NODES + " nodes");
        }
        return anchored.node;
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

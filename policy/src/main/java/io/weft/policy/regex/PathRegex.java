// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.regex;

import io.weft.policy.regex.Syntax.Alternatives;
import io.weft.policy.regex.Syntax.Begin;
import io.weft.policy.regex.Syntax.Chars;
import io.weft.policy.regex.Syntax.Empty;
import io.weft.policy.regex.Syntax.End;
import io.weft.policy.regex.Syntax.Repeat;
import io.weft.policy.regex.Syntax.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A regular expression over paths in RE2 syntax, without what only makes sense for text: word
 * boundaries, Unicode classes, multi-line mode. A character beyond ASCII stands for its
 * percent-encoded UTF-8. Back-references and look-around do not exist, so that matching is linear
 * in the length of the path whatever the pattern is.
 */
public final class PathRegex {

    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_REPEAT = 1_000;
    private static final int MAX_DEPTH = 100;

    private static final Map<String, CharSet> POSIX =
            Map.of(
                    "alnum", CharSet.range('a', 'z').foldCase().or(CharSet.DIGIT),
                    "alpha", CharSet.range('a', 'z').foldCase(),
                    "digit", CharSet.DIGIT,
                    "lower", CharSet.range('a', 'z'),
                    "upper", CharSet.range('A', 'Z'),
                    "punct",
                            CharSet.range('!', '~').minus(CharSet.WORD).or(CharSet.range('_', '_')),
                    "space", CharSet.SPACE,
                    "word", CharSet.WORD,
                    "xdigit", CharSet.range('a', 'f').foldCase().or(CharSet.DIGIT));

    private final String pattern;
    private int at;
    private int depth;
    private boolean foldCase;

    private PathRegex(String pattern) {
        this.pattern = pattern;
    }

    /** A pattern that cannot be used; the message says why and where. */
    public static final class SyntaxException extends Exception {
        private SyntaxException(String message, int at) {
            super(message + " at character " + (at + 1), null, false, false);
        }
    }

    /** A pattern that was understood. */
    public static final class Parsed {
        private final Syntax syntax;

        private Parsed(Syntax syntax) {
            this.syntax = syntax;
        }

        Syntax syntax() {
            return syntax;
        }

        /** With what every path that it covers begins, as far as one literal text says so. */
        public String literalPrefix() {
            var text = new StringBuilder();
            appendLiteral(syntax, text);
            return text.toString();
        }

        /** Whether the part was literal to its end, so that what follows it counts as well. */
        private static boolean appendLiteral(Syntax part, StringBuilder to) {
            return switch (part) {
                case Empty _, Begin _ -> true;
                case Chars(CharSet set) -> {
                    int only = set.only();
                    if (only >= 0) {
                        to.append((char) only);
                    }
                    yield only >= 0;
                }
                case Sequence(List<Syntax> parts) ->
                        parts.stream().allMatch(each -> appendLiteral(each, to));
                case Repeat _, Alternatives _, End _ -> false;
            };
        }
    }

    public static Parsed parse(String pattern) throws SyntaxException {
        if (pattern.length() > MAX_LENGTH) {
            throw new SyntaxException("longer than " + MAX_LENGTH + " characters", MAX_LENGTH);
        }
        var parser = new PathRegex(pattern);
        Syntax syntax = parser.alternatives();
        if (parser.at < pattern.length()) {
            throw parser.wrong("unexpected )");
        }
        var program = new Program();
        if (!program.add(syntax, 0)) {
            throw new SyntaxException("too large once its repetitions are written out", 0);
        }
        return new Parsed(syntax);
    }

    private Syntax alternatives() throws SyntaxException {
        if (++depth > MAX_DEPTH) {
            throw wrong("nested too deeply");
        }
        boolean outerFold = foldCase;
        var parts = new ArrayList<Syntax>();
        parts.add(sequence());
        while (has('|')) {
            at++;
            parts.add(sequence());
        }
        foldCase = outerFold;
        depth--;
        return parts.size() == 1 ? parts.getFirst() : new Alternatives(List.copyOf(parts));
    }

    private Syntax sequence() throws SyntaxException {
        var parts = new ArrayList<Syntax>();
        while (at < pattern.length() && !has('|') && !has(')')) {
            parts.add(repeated(atom()));
        }
        return parts.size() == 1 ? parts.getFirst() : new Sequence(List.copyOf(parts));
    }

    private Syntax repeated(Syntax atom) throws SyntaxException {
        Syntax result = atom;
        boolean once = false;
        while (at < pattern.length()) {
            int least;
            int most;
            int start = at;
            switch (pattern.charAt(at)) {
                case '*' -> {
                    least = 0;
                    most = -1;
                    at++;
                }
                case '+' -> {
                    least = 1;
                    most = -1;
                    at++;
                }
                case '?' -> {
                    least = 0;
                    most = 1;
                    at++;
                }
                case '{' -> {
                    int[] bounds = bounds();
                    if (bounds.length == 0) {
                        return result;
                    }
                    least = bounds[0];
                    most = bounds[1];
                }
                default -> {
                    return result;
                }
            }
            if (once) {
                at = start;
                throw wrong("repetition of a repetition");
            }
            once = true;
            if (has('?')) {
                // Lazy or greedy makes no difference to whether a whole path matches.
                at++;
            }
            result = new Repeat(result, least, most);
        }
        return result;
    }

    /** Reads {@code {n}}, {@code {n,}} or {@code {n,m}}; empty when the brace is just a brace. */
    private int[] bounds() throws SyntaxException {
        int close = pattern.indexOf('}', at);
        String inner = close < 0 ? "" : pattern.substring(at + 1, close);
        if (!inner.matches("\\d{1,5}(,\\d{0,5})?")) {
            return new int[0];
        }
        int comma = inner.indexOf(',');
        int least = Integer.parseInt(comma < 0 ? inner : inner.substring(0, comma));
        int most = least;
        if (comma >= 0) {
            String upper = inner.substring(comma + 1);
            most = upper.isEmpty() ? -1 : Integer.parseInt(upper);
        }
        if (least > MAX_REPEAT || most > MAX_REPEAT || most >= 0 && most < least) {
            throw wrong("repetition out of range (0 to " + MAX_REPEAT + ")");
        }
        at = close + 1;
        return new int[] {least, most};
    }

    private Syntax atom() throws SyntaxException {
        char c = pattern.charAt(at);
        return switch (c) {
            case '(' -> group();
            case '[' -> new Chars(fold(bracket()));
            case '.' -> {
                at++;
                yield new Chars(CharSet.ALL);
            }
            case '^' -> {
                at++;
                yield new Begin();
            }
            case '$' -> {
                at++;
                yield new End();
            }
            case '*', '+', '?' -> throw wrong("nothing to repeat");
            case '{' -> {
                int start = at;
                if (bounds().length > 0) {
                    at = start;
                    throw wrong("nothing to repeat");
                }
                at++;
                yield literal('{');
            }
            case '\\' -> escape();
            default -> {
                int point = pattern.codePointAt(at);
                at += Character.charCount(point);
                yield literal(point);
            }
        };
    }

    private Syntax group() throws SyntaxException {
        at++;
        if (pattern.startsWith("?:", at)) {
            at += 2;
        } else if (pattern.startsWith("?P<", at) || pattern.startsWith("?<", at)) {
            int close = pattern.indexOf('>', at);
            int name = pattern.indexOf('<', at) + 1;
            if (close < 0 || !pattern.substring(name, close).matches("\\w+")) {
                throw wrong("look-around is not supported, and this is no group name");
            }
            at = close + 1;
        } else if (pattern.startsWith("?i)", at)) {
            at += 3;
            foldCase = true;
            return new Empty();
        } else if (pattern.startsWith("?i:", at)) {
            at += 3;
            boolean outer = foldCase;
            foldCase = true;
            Syntax inner = closed();
            foldCase = outer;
            return inner;
        } else if (has('?')) {
            throw wrong("look-around and flags other than i are not supported");
        }
        return closed();
    }

    private Syntax closed() throws SyntaxException {
        Syntax inner = alternatives();
        if (!has(')')) {
            throw wrong("missing )");
        }
        at++;
        return inner;
    }

    private Syntax escape() throws SyntaxException {
        if (at + 1 >= pattern.length()) {
            throw wrong("escape at the end");
        }
        return switch (pattern.charAt(at + 1)) {
            case 'A' -> {
                at += 2;
                yield new Begin();
            }
            case 'z' -> {
                at += 2;
                yield new End();
            }
            case 'Q' -> {
                int end = pattern.indexOf("\\E", at + 2);
                String quoted = pattern.substring(at + 2, end < 0 ? pattern.length() : end);
                at = end < 0 ? pattern.length() : end + 2;
                var parts = new ArrayList<Syntax>();
                quoted.codePoints().forEach(point -> parts.add(literal(point)));
                if (!parts.isEmpty()) {
                    // What follows the quotation repeats its last character only.
                    parts.add(repeated(parts.removeLast()));
                }
                yield new Sequence(List.copyOf(parts));
            }
            default -> new Chars(fold(escapedSet()));
        };
    }

    /** What a backslash and what follows it stand for, inside brackets or outside. */
    private CharSet escapedSet() throws SyntaxException {
        at++;
        if (at >= pattern.length()) {
            throw wrong("escape at the end");
        }
        char c = pattern.charAt(at++);
        return switch (c) {
            case 'd' -> CharSet.DIGIT;
            case 'D' -> CharSet.DIGIT.not();
            case 'w' -> CharSet.WORD;
            case 'W' -> CharSet.WORD.not();
            case 's' -> CharSet.SPACE;
            case 'S' -> CharSet.SPACE.not();
            case 't' -> one('\t');
            case 'n' -> one('\n');
            case 'r' -> one('\r');
            case 'f' -> one('\f');
            case 'x' -> hexadecimal();
            default -> {
                if (c >= 128 || Character.isLetterOrDigit(c)) {
                    at -= 2;
                    throw wrong("escape \\" + c + " is not supported");
                }
                yield one(c);
            }
        };
    }

    private CharSet hexadecimal() throws SyntaxException {
        String digits = at + 2 <= pattern.length() ? pattern.substring(at, at + 2) : "";
        if (!digits.matches("[0-7][0-9A-Fa-f]")) {
            throw wrong("\\x needs two hexadecimal digits, at most 7f");
        }
        at += 2;
        return one(Integer.parseInt(digits, 16));
    }

    private CharSet bracket() throws SyntaxException {
        int start = at++;
        boolean negated = has('^');
        if (negated) {
            at++;
        }
        CharSet set = CharSet.NONE;
        boolean first = true;
        while (at < pattern.length() && (first || pattern.charAt(at) != ']')) {
            first = false;
            if (pattern.startsWith("[:", at) && pattern.indexOf(":]", at) >= 0) {
                set = set.or(posix());
                continue;
            }
            CharSet from = member();
            if (from.only() >= 0 && isRange()) {
                at++;
                set = set.or(range(from, member()));
            } else {
                set = set.or(from);
            }
        }
        if (!has(']')) {
            at = start;
            throw wrong("missing ]");
        }
        at++;
        return negated ? fold(set).not() : set;
    }

    /** Whether a dash comes next that does not stand for itself. */
    private boolean isRange() {
        return has('-') && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']';
    }

    private CharSet member() throws SyntaxException {
        char c = pattern.charAt(at);
        if (c == '\\') {
            return escapedSet();
        }
        if (c >= 128) {
            throw wrong("characters beyond ASCII cannot stand in brackets");
        }
        at++;
        return one(c);
    }

    private CharSet range(CharSet from, CharSet to) throws SyntaxException {
        int low = from.only();
        int high = to.only();
        if (low < 0 || high < low) {
            throw wrong("invalid range");
        }
        return CharSet.range(low, high);
    }

    private CharSet posix() throws SyntaxException {
        int close = pattern.indexOf(":]", at);
        boolean negated = pattern.startsWith("[:^", at);
        String name = pattern.substring(at + (negated ? 3 : 2), Math.max(close, at + 2));
        CharSet set = POSIX.get(name);
        if (set == null) {
            throw wrong("unknown class [:" + name + ":]");
        }
        at = close + 2;
        return negated ? set.not() : set;
    }

    private Syntax literal(int point) {
        if (point < 128) {
            return new Chars(fold(one(point)));
        }
        var encoded = new ArrayList<Syntax>();
        for (byte b : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
            for (char c : "%%%02X".formatted(b & 0xff).toCharArray()) {
                encoded.add(new Chars(one(c)));
            }
        }
        return new Sequence(List.copyOf(encoded));
    }

    private static CharSet one(int c) {
        return CharSet.range(c, c);
    }

    private CharSet fold(CharSet set) {
        return foldCase ? set.foldCase() : set;
    }

    private boolean has(char c) {
        return at < pattern.length() && pattern.charAt(at) == c;
    }

    private SyntaxException wrong(String message) {
        return new SyntaxException(message, at);
    }
}

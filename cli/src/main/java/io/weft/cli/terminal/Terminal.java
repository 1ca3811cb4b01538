// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.terminal;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Where output goes. Progress and complaints go to stderr, data to stdout, so that {@code weft x |
 * y} sees only data. Colours and lines that change are for terminals only.
 */
public final class Terminal {

    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final PrintStream err;
    private final Look look;
    private boolean passing;

    /**
     * What may be sent to stderr.
     *
     * @param colour whether ANSI colours are wanted
     * @param symbols whether the encoding has ticks and crosses
     * @param lively whether a line may be written over
     */
    public record Look(boolean colour, boolean symbols, boolean lively) {

        /** Plain text, a line at a time. */
        public static final Look PLAIN = new Look(false, false, false);

        /**
         * Follows NO_COLOR and CLICOLOR_FORCE.
         *
         * @param terminal whether stderr is one, which only the shell that started us could tell
         */
        static Look of(boolean terminal, Charset charset, Map<String, String> environment) {
            boolean never = !environment.getOrDefault("NO_COLOR", "").isEmpty();
            boolean always = !environment.getOrDefault("CLICOLOR_FORCE", "0").equals("0");
            boolean dumb = environment.getOrDefault("TERM", "").equals("dumb");
            return new Look(
                    !never && (always || (terminal && !dumb)),
                    charset.newEncoder().canEncode('✔'),
                    terminal && !dumb);
        }
    }

    public Terminal(PrintStream out, PrintStream err, Look look) {
        this.out = out;
        this.err = err;
        this.look = look;
    }

    /** The terminal this JVM was started in. */
    public static Terminal ofSystem() {
        boolean terminal = Boolean.getBoolean("weft.stderr.terminal");
        Look look = Look.of(terminal, System.err.charset(), System.getenv());
        return new Terminal(System.out, System.err, look);
    }

    /** Data: what was asked for, and nothing else. */
    public PrintStream out() {
        return out;
    }

    /** Something is done. */
    public void done(String what, String detail, Duration took) {
        step(look.symbols() ? "✔" : "ok", "32", what, detail, seconds(took));
    }

    /** Something is not as it should be, and it goes on all the same. */
    public void warned(String what, String detail) {
        step(look.symbols() ? "‼" : "!!", "33", what, detail, "");
    }

    /** Something failed; the whole story fits into the line. */
    public synchronized void failed(String line) {
        wipe();
        err.println(painted("31", look.symbols() ? "✘ " : "error: ") + line);
    }

    /** A line for people. */
    public synchronized void say(String line) {
        wipe();
        err.println(spelt(line));
    }

    /** What another process of ours has said to people. */
    public synchronized void relay(String text) {
        wipe();
        err.print(text);
        err.flush();
    }

    /** What is being waited for: shown until the next line, and only where lines can change. */
    public synchronized void passing(String what) {
        if (look.lively()) {
            err.print(CLEAR_LINE + "  " + (look.symbols() ? "… " : "... ") + what);
            err.flush();
            passing = true;
        }
    }

    private synchronized void step(
            String mark, String colour, String what, String detail, String end) {
        wipe();
        String line = " %-15s %-58s %7s".formatted(what, detail, end).stripTrailing();
        err.println("  " + painted(colour, mark) + spelt(line));
    }

    private void wipe() {
        if (passing) {
            err.print(CLEAR_LINE);
            passing = false;
        }
    }

    private String spelt(String text) {
        return look.symbols() ? text : text.replace("→", "->");
    }

    private String painted(String colour, String text) {
        return look.colour() ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }
}

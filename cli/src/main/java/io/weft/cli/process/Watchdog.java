// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A small shell process that outlives us if we are killed without warning, and then ends those we
 * watched. It notices by the end of its input, which comes with our end, whatever that was.
 */
public final class Watchdog implements AutoCloseable {

    private static final String SCRIPT =
            """
            trap '' INT HUP TERM
            watched=''
            while read -r order pid; do
                rest=''
                for p in $watched; do
                    [ "$p" = "$pid" ] || rest="$rest $p"
                done
                watched=$rest
                [ "$order" = forget ] || watched="$watched $pid"
            done
            [ -n "$watched" ] || exit 0
            kill -TERM $watched 2>/dev/null
            for second in 1 2 3 4 5; do
                sleep 1
                rest=''
                for p in $watched; do
                    if kill -0 "$p" 2>/dev/null; then rest="$rest $p"; fi
                done
                watched=$rest
                [ -n "$watched" ] || exit 0
            done
            kill -KILL $watched 2>/dev/null
            """;

    private final Process shell;
    private final BufferedWriter orders;

    private Watchdog(Process shell) {
        this.shell = shell;
        this.orders = shell.outputWriter();
    }

    public static Watchdog start() throws IOException {
        return new Watchdog(
                new ProcessBuilder("/bin/sh", "-c", SCRIPT, "weft-watchdog")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    synchronized void watch(ProcessHandle process) throws IOException {
        order("watch", process);
    }

    /** Call it when the process has ended, before its number can belong to another. */
    synchronized void forget(ProcessHandle process) {
        try {
            order("forget", process);
        } catch (IOException e) {
            // Without a watchdog there is nothing to forget.
        }
    }

    private void order(String order, ProcessHandle process) throws IOException {
        orders.write(order + " " + process.pid() + "\n");
        orders.flush();
    }

    @Override
    public void close() {
        try {
            orders.close();
            shell.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

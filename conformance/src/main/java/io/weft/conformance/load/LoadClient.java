// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Sends HTTP/1.1 requests at a constant rate whatever the answers do, and measures from the moment
 * a request was meant to start, so that a stall shows in every request it delayed.
 */
public final class LoadClient {

    private LoadClient() {}

    /** Starts at once; the caller stops the run. */
    public static LoadRun start(LoadPlan plan) throws IOException {
        return start(plan, _ -> {});
    }

    public static LoadRun start(LoadPlan plan, AnswerListener listener) throws IOException {
        return new LoadRun(plan, listener).begin();
    }

    /**
     * See {@link LoadCommand}; exits with 1 if any request failed, with 2 if the words are wrong.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        LoadCommand command;
        try {
            command = LoadCommand.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + LoadCommand.USAGE);
            System.exit(2);
            return;
        }
        LoadReport report = run(command);
        System.out.println(report);
        System.out.print(command.counts());
        System.exit(report.failed() == 0 ? 0 : 1);
    }

    private static LoadReport run(LoadCommand command) throws IOException, InterruptedException {
        try (LoadRun run = start(command.plan(), command.counts())) {
            TimeUnit.NANOSECONDS.sleep(command.duration().toNanos());
            return run.stop();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

/** Sees every answer of a run, one at a time, on the thread that reads them: it must not block. */
@FunctionalInterface
public interface AnswerListener {

    void onAnswer(Answer answer);
}

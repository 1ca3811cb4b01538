// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.database;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** The database cannot be reached: nobody's fault who asks, and over when it is back. */
public final class Outage {

    private static final int DEPTH = 10;

    private static final String SOON = "5";

    private Outage() {}

    /** Whether this failure is, or comes from, a database that is away. */
    public static boolean isCauseOf(@Nullable Throwable failure) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < DEPTH; depth++) {
            if (each instanceof DataAccessResourceFailureException
                    || each instanceof TransientDataAccessException
                    || each instanceof RecoverableDataAccessException
                    || each instanceof CannotCreateTransactionException
                    || each instanceof TransactionSystemException) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }

    /** Says so to whoever asked. */
    public static void answer(HttpServletResponse response) throws IOException {
        response.setHeader("Retry-After", SOON);
        response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    }
}

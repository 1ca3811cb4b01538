// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.api;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What nobody foresaw is told to the log; the caller learns that it happened. */
@RestControllerAdvice(basePackageClasses = ApiFailures.class)
final class ApiFailures {

    private static final Logger log = LoggerFactory.getLogger(ApiFailures.class);

    /** A request that cannot be served as it is. */
    static final class RefusedRequestException extends RuntimeException {
        private final HttpStatus status;

        RefusedRequestException(HttpStatus status, String detail) {
            super(detail);
            this.status = status;
        }
    }

    @ExceptionHandler
    ProblemDetail refused(RefusedRequestException e) {
        return ProblemDetail.forStatusAndDetail(e.status, e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail unforeseen(RuntimeException e) {
        log.error("An API call failed", e);
        return ProblemDetail.forStatus(HttpStatus.INTERNAL_SERVER_ERROR);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.signin;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.RequestMapping;

/** What went wrong, as a page for people and as RFC 9457 for programs; never why in detail. */
@Controller
class ErrorPage implements ErrorController {

    @RequestMapping(path = "/error", produces = MediaType.TEXT_HTML_VALUE)
    String page(HttpServletRequest request, HttpServletResponse response, Model model) {
        HttpStatus status = statusOf(request);
        String wait = response.getHeader("Retry-After");
        model.addAttribute("status", status.value())
                .addAttribute("title", titleOf(status))
                .addAttribute("advice", adviceOf(status, wait));
        return "error";
    }

    @RequestMapping("/error")
    ResponseEntity<ProblemDetail> problem(HttpServletRequest request) {
        HttpStatus status = statusOf(request);
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(ProblemDetail.forStatus(status));
    }

    private static HttpStatus statusOf(HttpServletRequest request) {
        Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        HttpStatus status = code instanceof Integer number ? HttpStatus.resolve(number) : null;
        return status == null ? HttpStatus.NOT_FOUND : status;
    }

    private static String titleOf(HttpStatus status) {
        return switch (status) {
            case TOO_MANY_REQUESTS -> "Too many attempts";
            case SERVICE_UNAVAILABLE -> "Sign-in is not available right now";
            case NOT_FOUND -> "There is nothing here";
            case FORBIDDEN -> "This was not allowed";
            case BAD_REQUEST -> "This request cannot be answered";
            default -> status.is4xxClientError() ? "This did not work" : "Something went wrong";
        };
    }

    private static String adviceOf(HttpStatus status, String wait) {
        return switch (status) {
            case TOO_MANY_REQUESTS -> "Please try again in " + wait + " seconds.";
            case SERVICE_UNAVAILABLE -> "Please try again in a few seconds. Nothing has been lost.";
            case NOT_FOUND -> "The address may be mistyped, or the page is gone.";
            case FORBIDDEN -> "The page may have been open too long. Go back and try once more.";
            case BAD_REQUEST ->
                    "The application that sent you here asked in a way that is not accepted."
                            + " Go back to it and try once more; if that does not help, tell whoever"
                            + " runs it.";
            default -> "Go back and try once more.";
        };
    }
}

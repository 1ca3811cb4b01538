// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import io.weft.dataplane.failure.Answer;
import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.server.ProblemResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Mono;

/**
 * The few pages that the gateway itself shows. They load nothing, and no other page frames them.
 */
final class Pages {

    private static final MediaType HTML = new MediaType("text", "html", StandardCharsets.UTF_8);

    private static final String SIGN_OUT =
            "<form method=\"post\" action=\""
                    + Paths.SIGN_OUT
                    + "\"><button>Sign out</button></form>";

    private final String contentPolicy;

    /**
     * @param issuer where a browser that signs out is sent to; it follows only where it was told
     *     that a form may lead
     */
    Pages(URI issuer) {
        this.contentPolicy =
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
                        + " frame-ancestors 'none'; form-action 'self' "
                        + issuer.getScheme()
                        + "://"
                        + issuer.getRawAuthority();
    }

    /** A refusal, for people. */
    Mono<Void> refused(ServerHttpResponse response, Refusal refusal) {
        Answer answer = refusal.answer();
        HttpHeaders headers = response.getHeaders();
        headers.set(ProblemResponse.DECISION, refusal.decision());
        if (answer.challenge() != null) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, answer.challenge());
        }
        String body =
                "<p>%s</p><p><small>%d, decision %s</small></p>"
                        .formatted(
                                HtmlUtils.htmlEscape(answer.detail()),
                                answer.status(),
                                HtmlUtils.htmlEscape(refusal.decision()));
        return write(response, HttpStatus.valueOf(answer.status()), answer.title(), body);
    }

    Mono<Void> unavailable(ServerHttpResponse response) {
        response.getHeaders().set(HttpHeaders.RETRY_AFTER, "5");
        return write(
                response,
                HttpStatus.SERVICE_UNAVAILABLE,
                "Sign-in is not available",
                "<p>Nobody can sign in at the moment. Please try again a little later.</p>");
    }

    Mono<Void> notSignedIn(ServerHttpResponse response) {
        return write(
                response,
                HttpStatus.BAD_REQUEST,
                "You are not signed in",
                "<p>This sign-in was not begun here, or has taken too long, or was refused."
                        + " <a href=\""
                        + Paths.START
                        + "\">Try again</a></p>");
    }

    Mono<Void> askToSignOut(ServerHttpResponse response) {
        return write(response, HttpStatus.OK, "Sign out?", SIGN_OUT);
    }

    /** For who was made to come here by another site. */
    Mono<Void> notSignedOut(ServerHttpResponse response) {
        return write(
                response,
                HttpStatus.FORBIDDEN,
                "You are still signed in",
                "<p>Another site wanted to sign you out. Do you?</p>" + SIGN_OUT);
    }

    Mono<Void> signedOutHereOnly(ServerHttpResponse response) {
        return write(
                response,
                HttpStatus.OK,
                "You are signed out here",
                "<p>Where you signed in could not be told: sign out there as well.</p>");
    }

    private Mono<Void> write(
            ServerHttpResponse response, HttpStatus status, String title, String body) {
        byte[] page = page(HtmlUtils.htmlEscape(title), body).getBytes(StandardCharsets.UTF_8);
        response.setStatusCode(status);
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(HTML);
        headers.setContentLength(page.length);
        headers.set("content-security-policy", contentPolicy);
        headers.set("referrer-policy", "no-referrer");
        headers.set("x-content-type-options", "nosniff");
        headers.setCacheControl(CacheControl.noStore());
        return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(page)));
    }

    private static String page(String title, String body) {
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>%1$s</title>
            <style>
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto; padding: 0 1rem }
            small { opacity: .7 }
            button { font: inherit; padding: .3rem 1rem }
            </style>
            </head>
            <body>
            <h1>%1$s</h1>
            %2$s
            </body>
            </html>
            """
                .formatted(title, body);
    }

    static Mono<Void> redirect(ServerHttpResponse response, URI to) {
        response.setStatusCode(HttpStatus.SEE_OTHER);
        response.getHeaders().setLocation(to);
        response.getHeaders().setCacheControl(CacheControl.noStore());
        return response.setComplete();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import io.weft.gateway.settings.SignInSettings;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Signing out, because the person wants to, or because the issuer says so. */
final class SignOut {

    private static final Logger LOG = LoggerFactory.getLogger(SignOut.class);

    private final SignInSettings settings;
    private final Provider provider;
    private final IssuedTokens issued;
    private final Sessions sessions;
    private final Cookies cookies;
    private final Browser browser;
    private final Pages pages;

    SignOut(
            SignInSettings settings,
            Provider provider,
            IssuedTokens issued,
            Sessions sessions,
            Cookies cookies,
            Browser browser,
            Pages pages) {
        this.settings = settings;
        this.provider = provider;
        this.issued = issued;
        this.sessions = sessions;
        this.cookies = cookies;
        this.browser = browser;
        this.pages = pages;
    }

    /** Ends the session here, and sends the browser to end it at the issuer. */
    Mono<Void> byPerson(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        if (browser.isForeign(exchange.getRequest())) {
            return pages.notSignedOut(response);
        }
        String id = cookies.sessionIn(exchange.getRequest().getHeaders());
        Session session = id == null ? null : sessions.end(id);
        response.addCookie(cookies.noSession());
        URI home = URI.create(settings.origin() + "/");
        if (session == null) {
            return Pages.redirect(response, home);
        }
        return provider.signOut(session.tokens())
                .defaultIfEmpty(home)
                .flatMap(to -> Pages.redirect(response, to))
                .onErrorResume(
                        ProviderUnavailableException.class, _ -> pages.signedOutHereOnly(response));
    }

    /** Ends what a logout token names (OpenID Connect Back-Channel Logout 1.0 §2.5). */
    Mono<Void> byIssuer(ServerWebExchange exchange) {
        return exchange.getFormData()
                .mapNotNull(form -> form.getFirst("logout_token"))
                .flatMap(this::verified)
                .doOnNext(this::end)
                .map(_ -> HttpStatus.OK)
                .onErrorResume(JwtException.class, e -> Mono.just(refused(e)))
                .onErrorResume(
                        ProviderUnavailableException.class,
                        _ -> Mono.just(HttpStatus.SERVICE_UNAVAILABLE))
                .defaultIfEmpty(HttpStatus.BAD_REQUEST)
                .flatMap(status -> answer(exchange.getResponse(), status));
    }

    private Mono<Jwt> verified(String token) {
        return provider.lastRegistration()
                .flatMap(client -> issued.logoutTokens(client).decode(token))
                .onErrorMap(
                        IllegalStateException.class,
                        e -> new ProviderUnavailableException("no keys", e));
    }

    private void end(Jwt token) {
        sessions.end(token.getClaimAsString("sid"), subject(token));
    }

    private static @Nullable String subject(Jwt token) {
        return token.getSubject();
    }

    private static HttpStatus refused(JwtException why) {
        LOG.warn("a logout was refused: {}", why.getMessage());
        return HttpStatus.BAD_REQUEST;
    }

    private static Mono<Void> answer(ServerHttpResponse response, HttpStatus status) {
        response.setStatusCode(status);
        response.getHeaders().setCacheControl(CacheControl.noStore());
        return response.setComplete();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.Refusal;
import io.weft.gateway.exchange.Invitation;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Sends people to sign in who have not, and tells others in words what they may not. Whoever came
 * with a token and is still asked to sign in would be asked for ever.
 */
final class BrowserInvitation implements Invitation {

    private final Browser browser;
    private final SignIn signIn;
    private final Pages pages;

    BrowserInvitation(Browser browser, SignIn signIn, Pages pages) {
        this.browser = browser;
        this.signIn = signIn;
        this.pages = pages;
    }

    @Override
    public @Nullable Mono<Void> answer(
            ServerWebExchange exchange, Failure failure, Refusal refusal) {
        ServerHttpRequest request = exchange.getRequest();
        boolean forPeople = failure instanceof Failure.SignIn || failure instanceof Failure.Denied;
        if (!forPeople || !Browser.isNavigation(request) || !browser.isHere(request)) {
            return null;
        }
        return failure instanceof Failure.SignIn
                        && !request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
                ? signIn.begin(exchange, whereTo(request))
                : pages.refused(exchange.getResponse(), refusal);
    }

    private static LocalPath whereTo(ServerHttpRequest request) {
        URI uri = request.getURI();
        String query = uri.getRawQuery();
        return LocalPath.orRoot(query == null ? uri.getRawPath() : uri.getRawPath() + "?" + query);
    }
}

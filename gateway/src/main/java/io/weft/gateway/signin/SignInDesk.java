// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import io.weft.gateway.edge.Edge;
import io.weft.gateway.exchange.Invitation;
import io.weft.gateway.settings.SignInSettings;
import java.time.Clock;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.client.WebClient;

/** All there is to signing in, put together, and its three places in the way of a request. */
public final class SignInDesk {

    private final Cookies cookies;
    private final Browser browser;
    private final Sessions sessions;
    private final SessionTokens tokens;
    private final SignIn signIn;
    private final SignOut signOut;
    private final Pages pages;

    public SignInDesk(SignInSettings settings, ReactorResourceFactory resources, Clock clock) {
        WebClient http =
                WebClient.builder()
                        .clientConnector(
                                new ReactorClientHttpConnector(
                                        resources, client -> client.followRedirect(false)))
                        .build();
        var provider = new Provider(settings, http);
        var endpoint = new TokenEndpoint(settings, provider, http);
        var issued = new IssuedTokens(settings, http);
        this.cookies = new Cookies(settings.origin().startsWith("https:"));
        this.browser = new Browser(settings);
        this.sessions = new Sessions(settings, clock);
        this.tokens = new SessionTokens(sessions, endpoint, clock);
        this.pages = new Pages(settings.front());
        this.signIn = new SignIn(settings, provider, endpoint, sessions, cookies, pages, clock);
        this.signOut = new SignOut(settings, provider, issued, sessions, cookies, browser, pages);
    }

    /** Handles what is for the gateway itself. */
    public HandlerMapping mapping(Edge edge, int order) {
        return new SignInMapping(edge, browser, signIn, signOut, pages, order);
    }

    /** Gives requests the token of their session. */
    public GlobalFilter sessions(int order) {
        return new SessionFilter(cookies, browser, sessions, tokens, order);
    }

    /** Sends people to sign in. */
    public Invitation invitation() {
        return new BrowserInvitation(browser, signIn, pages);
    }
}

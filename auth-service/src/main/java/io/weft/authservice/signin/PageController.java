// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.signin;

import io.weft.authservice.account.Invitations;
import io.weft.authservice.account.Passwords;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages people see. */
@Controller
class PageController {

    private final RegisteredClientRepository clients;
    private final OAuth2AuthorizationConsentService consents;
    private final Invitations invitations;
    private final HttpSessionRequestCache savedRequests = new HttpSessionRequestCache();

    PageController(
            RegisteredClientRepository clients,
            OAuth2AuthorizationConsentService consents,
            Invitations invitations) {
        this.clients = clients;
        this.consents = consents;
        this.invitations = invitations;
    }

    /** A scope as a person reads it. */
    record Permission(String scope, String description) {

        static Permission of(String scope) {
            String description =
                    switch (scope) {
                        case "profile" -> "See your user name";
                        case "email" -> "See your e-mail address";
                        case "offline_access" -> "Stay signed in while you are away";
                        default -> "Use “" + scope + "” on your behalf";
                    };
            return new Permission(scope, description);
        }
    }

    @ModelAttribute("csrf")
    @Nullable CsrfToken csrf(HttpServletRequest request) {
        return (CsrfToken) request.getAttribute(CsrfToken.class.getName());
    }

    @GetMapping(Paths.HOME)
    String home(@Nullable Principal person, Model model) {
        model.addAttribute("person", person == null ? null : person.getName());
        return "home";
    }

    @GetMapping(Paths.LOGIN)
    String login(
            @RequestParam(required = false) @Nullable String error,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        RegisteredClient client = askingClient(request, response);
        if (client != null) {
            model.addAttribute("client", client.getClientName());
            response.setHeader(
                    ContentPolicy.HEADER, ContentPolicy.leadingTo(client.getRedirectUris()));
        }
        model.addAttribute("failed", error != null);
        return "login";
    }

    private @Nullable RegisteredClient askingClient(
            HttpServletRequest request, HttpServletResponse response) {
        SavedRequest saved = savedRequests.getRequest(request, response);
        String[] ids = saved == null ? null : saved.getParameterValues("client_id");
        return ids == null || ids.length != 1 || ids[0].isEmpty()
                ? null
                : clients.findByClientId(ids[0]);
    }

    @GetMapping(Paths.CONSENT)
    String consent(
            @RequestParam("client_id") String clientId,
            @RequestParam String scope,
            @RequestParam String state,
            Principal person,
            HttpServletResponse response,
            Model model) {
        RegisteredClient client = clients.findByClientId(clientId);
        if (client == null) {
            response.setStatus(HttpStatus.BAD_REQUEST.value());
            return "error";
        }
        Set<String> asked = new TreeSet<>(List.of(scope.split(" ")));
        asked.retainAll(client.getScopes());
        asked.remove(OidcScopes.OPENID);
        var before = consents.findById(client.getId(), person.getName());
        Set<String> granted = new TreeSet<>(asked);
        granted.retainAll(before == null ? Set.of() : before.getScopes());
        asked.removeAll(granted);
        model.addAttribute("client", client.getClientName())
                .addAttribute("clientId", clientId)
                .addAttribute("state", state)
                .addAttribute("person", person.getName())
                .addAttribute("asked", asked.stream().map(Permission::of).toList())
                .addAttribute("granted", granted.stream().map(Permission::of).toList())
                .addAttribute("hasGranted", !granted.isEmpty());
        response.setHeader(ContentPolicy.HEADER, ContentPolicy.leadingTo(client.getRedirectUris()));
        return "consent";
    }

    @GetMapping(Paths.SIGNED_OUT)
    String signedOut() {
        return "signed-out";
    }

    @GetMapping(Paths.WELCOME)
    String welcome(Model model) {
        model.addAttribute("shortest", Passwords.SHORTEST)
                .addAttribute("longest", Passwords.LONGEST);
        return "welcome";
    }

    @PostMapping(Paths.WELCOME)
    String accept(
            @RequestParam String secret,
            @RequestParam String password,
            @RequestParam String repeated,
            HttpServletResponse response,
            Model model) {
        String problem = problemOf(password, repeated);
        if (problem == null) {
            var username = invitations.accept(secret.strip(), password);
            if (username.isPresent()) {
                model.addAttribute("welcomed", username.get().value());
                return "login";
            }
            problem =
                    "That secret is not valid: it is wrong, has been used, or is more than a day old.";
        }
        response.setStatus(HttpStatus.BAD_REQUEST.value());
        model.addAttribute("problem", problem);
        return welcome(model);
    }

    private static @Nullable String problemOf(String password, String repeated) {
        if (password.length() < Passwords.SHORTEST || password.length() > Passwords.LONGEST) {
            return "A password has "
                    + Passwords.SHORTEST
                    + " to "
                    + Passwords.LONGEST
                    + " characters.";
        }
        return password.equals(repeated) ? null : "The two passwords are not the same.";
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.operate;

import io.weft.authservice.account.Accounts;
import io.weft.authservice.account.Invitations;
import io.weft.authservice.account.Username;
import io.weft.authservice.audit.AuditEntry;
import io.weft.authservice.audit.AuditLog;
import io.weft.authservice.audit.AuditUnavailableException;
import io.weft.authservice.token.Authorizations;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Who may sign in. An operator never learns a password: whoever is new, or has forgotten theirs, is
 * given a one-time secret and sets one at {@code /welcome}.
 */
@RestController
@RequestMapping("/api/users")
class UserController {

    private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MAX_ROLES = 15;

    private final Accounts accounts;
    private final Invitations invitations;
    private final Authorizations authorizations;
    private final AuditLog audit;

    UserController(
            Accounts accounts,
            Invitations invitations,
            Authorizations authorizations,
            AuditLog audit) {
        this.accounts = accounts;
        this.invitations = invitations;
        this.authorizations = authorizations;
        this.audit = audit;
    }

    @GetMapping
    List<Accounts.Account> all() {
        return accounts.all();
    }

    /** Who is to come. */
    record Wish(@Nullable String username, @Nullable Set<String> roles) {}

    /** A one-time secret, good for a day; the only sight of it. */
    record Invited(String username, String secret) {}

    @PostMapping
    ResponseEntity<Invited> invite(@RequestBody Wish wish, @Nullable Principal operator) {
        Username name = new Username(String.valueOf(wish.username()));
        Set<String> roles = checked(wish.roles());
        if (accounts.has(name)) {
            throw new ResponseStatusException(
                    HttpStatus.CONFLICT, name + " is there already (POST " + name + "/reset)");
        }
        log("invite-user", name, operator);
        return invited(name, roles);
    }

    /** A new password; the old one, and every token by it, ends now. */
    @PostMapping("/{username}/reset")
    ResponseEntity<Invited> reset(@PathVariable String username, @Nullable Principal operator) {
        Username name = new Username(username);
        Accounts.Account account =
                accounts.all().stream()
                        .filter(each -> each.username().equals(name.value()))
                        .findFirst()
                        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        log("reset-user", name, operator);
        accounts.forgetPassword(name);
        authorizations.endAllOf(name.value());
        return invited(name, Set.copyOf(account.roles()));
    }

    /** What new tokens say; those that are out hold for minutes. */
    @PutMapping("/{username}/roles")
    ResponseEntity<Void> giveRoles(
            @PathVariable String username,
            @RequestBody Set<String> roles,
            @Nullable Principal operator) {
        Username name = new Username(username);
        Set<String> checked = checked(roles);
        log("give-roles", name, operator);
        return done(accounts.giveRoles(name, checked));
    }

    /** No sign-in, no new token and no refresh from now on. */
    @PostMapping("/{username}/lock")
    ResponseEntity<Void> lock(@PathVariable String username, @Nullable Principal operator) {
        Username name = new Username(username);
        log("lock-user", name, operator);
        boolean found = accounts.lock(name, true);
        authorizations.endAllOf(name.value());
        return done(found);
    }

    @PostMapping("/{username}/unlock")
    ResponseEntity<Void> unlock(@PathVariable String username, @Nullable Principal operator) {
        Username name = new Username(username);
        log("unlock-user", name, operator);
        return done(accounts.lock(name, false));
    }

    @DeleteMapping("/{username}")
    ResponseEntity<Void> remove(@PathVariable String username, @Nullable Principal operator) {
        Username name = new Username(username);
        log("remove-user", name, operator);
        boolean found = accounts.remove(name);
        authorizations.endAllOf(name.value());
        return done(found);
    }

    private static Set<String> checked(@Nullable Set<String> roles) {
        if (roles == null
                || roles.isEmpty()
                || roles.size() > MAX_ROLES
                || !roles.stream().allMatch(role -> ROLE.matcher(role).matches())) {
            throw new IllegalArgumentException(
                    "roles (expected: 1 to "
                            + MAX_ROLES
                            + ", each 1 to 64 letters, digits and . _ -)");
        }
        return roles;
    }

    private ResponseEntity<Invited> invited(Username name, Set<String> roles) {
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(new Invited(name.value(), invitations.invite(name, roles)));
    }

    private static ResponseEntity<Void> done(boolean found) {
        return found ? ResponseEntity.noContent().build() : ResponseEntity.notFound().build();
    }

    private void log(String what, Username name, @Nullable Principal operator) {
        audit.append(
                AuditEntry.of(what)
                        .with("user", name)
                        .with("by", operator == null ? "operator.token" : operator.getName()));
    }

    @ExceptionHandler
    ProblemDetail wrong(IllegalArgumentException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail unavailable(AuditUnavailableException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()));
    }
}

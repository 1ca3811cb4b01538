// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.apikey;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** API keys for operators. */
@RestController
@RequestMapping("/api/api-keys")
class ApiKeyController {

    private static final Pattern CLIENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern WORD = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,100}");
    private static final int WORDS = 9;

    private final ApiKeys keys;

    ApiKeyController(ApiKeys keys) {
        this.keys = keys;
    }

    /** What a key is to be. */
    record Wish(
            @Nullable String client,
            @Nullable List<String> scopes,
            @Nullable List<String> roles,
            @Nullable Instant expires) {}

    /** A new key, and the only sight of its secret. */
    record Made(
            String id,
            String secret,
            String client,
            List<String> scopes,
            List<String> roles,
            @Nullable Instant expires) {}

    @PostMapping
    ResponseEntity<Made> create(@RequestBody Wish wish) {
        String client = wish.client();
        if (client == null || !CLIENT.matcher(client).matches()) {
            throw bad("client (expected: 1 to 100 letters, digits and . _ -)");
        }
        List<String> scopes = words("scopes", wish.scopes());
        List<String> roles = words("roles", wish.roles());
        Instant expires = wish.expires();
        if (expires != null && expires.isBefore(Instant.now())) {
            throw bad("expires: " + expires + " (expected: a time to come)");
        }
        var created = keys.create(client, scopes, roles, expires);
        var made = new Made(created.key().id(), created.secret(), client, scopes, roles, expires);
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(made);
    }

    private static List<String> words(String name, @Nullable List<String> given) {
        List<String> words = Objects.requireNonNullElse(given, List.of());
        if (words.size() > WORDS
                || !words.stream().allMatch(each -> each != null && WORD.matcher(each).matches())) {
            throw bad(name + " (expected: at most " + WORDS + ", as OAuth 2.0 writes scopes)");
        }
        return words;
    }

    private static ResponseStatusException bad(String what) {
        return new ResponseStatusException(HttpStatus.BAD_REQUEST, what);
    }

    @GetMapping
    ApiKeys.Listing list() {
        return keys.list();
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> revoke(@PathVariable String id) {
        return keys.revoke(id)
                ? ResponseEntity.noContent().build()
                : ResponseEntity.notFound().build();
    }
}

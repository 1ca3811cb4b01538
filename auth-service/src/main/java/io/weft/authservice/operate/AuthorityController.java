// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.operate;

import io.weft.authservice.audit.AuditEntry;
import io.weft.authservice.audit.AuditLog;
import io.weft.authservice.audit.AuditUnavailableException;
import io.weft.authservice.ca.AuthorityException;
import io.weft.authservice.ca.AuthorityView;
import io.weft.authservice.ca.CertificateAuthority;
import io.weft.authservice.enrol.Enrolment;
import io.weft.authservice.enrol.EnrolmentStore;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
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
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands of operators. Each is in the log before it happens, with who gave it. */
@RestController
@RequestMapping("/api/ca")
class AuthorityController {

    private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);
    private static final Duration MAX_TOKEN_LIFE = Duration.ofDays(7);
    private static final int MAX_TAIL = 1_000;

    private final CertificateAuthority authority;
    private final Enrolment enrolment;
    private final EnrolmentStore store;
    private final AuditLog audit;
    private final JsonMapper json;

    AuthorityController(
            CertificateAuthority authority,
            Enrolment enrolment,
            EnrolmentStore store,
            AuditLog audit,
            JsonMapper json) {
        this.authority = authority;
        this.enrolment = enrolment;
        this.store = store;
        this.audit = audit;
        this.json = json;
    }

    @GetMapping
    AuthorityView view() {
        return authority.view();
    }

    @PostMapping("/issuer/rotate")
    AuthorityView rotateIssuer(@Nullable Principal operator) throws IOException {
        log(AuditEntry.of("rotate-issuer"), operator);
        authority.rotateIssuer();
        return authority.view();
    }

    /** Publishes a new root; it takes over after the overlap, and the old one goes, by itself. */
    @PostMapping("/root/rotate")
    AuthorityView rotateRoot(@Nullable Principal operator) throws IOException {
        log(AuditEntry.of("rotate-root"), operator);
        authority.rotateRoot();
        return authority.view();
    }

    @PostMapping("/issuers/{fingerprint}/distrust")
    AuthorityView distrust(@PathVariable String fingerprint, @Nullable Principal operator)
            throws IOException {
        log(AuditEntry.of("distrust").with("issuer", fingerprint), operator);
        authority.distrust(fingerprint);
        return authority.view();
    }

    /** For whom a secret or token is to be, and for how long. */
    record Wish(@Nullable String workload, @Nullable Duration life) {
        ServiceName name() {
            if (workload == null) {
                throw new IllegalArgumentException("workload: missing");
            }
            return ServiceName.parse(workload);
        }
    }

    @GetMapping("/secrets")
    List<EnrolmentStore.KeptSecret> secrets() {
        return store.secrets();
    }

    @PostMapping("/secrets")
    ResponseEntity<EnrolmentStore.NewSecret> createSecret(
            @RequestBody Wish wish, @Nullable Principal operator) {
        log(AuditEntry.of("create-secret").with("workload", wish.name()), operator);
        return created(store.createSecret(wish.name()));
    }

    @DeleteMapping("/secrets/{id}")
    ResponseEntity<Void> revokeSecret(@PathVariable String id, @Nullable Principal operator) {
        log(AuditEntry.of("revoke-secret").with("secret", id), operator);
        return done(store.revokeSecret(id));
    }

    /** A token that works once; the only sight of it. */
    record NewToken(String token) {}

    @PostMapping("/join-tokens")
    ResponseEntity<NewToken> createToken(@RequestBody Wish wish, @Nullable Principal operator) {
        Duration life = wish.life() == null ? TOKEN_LIFE : wish.life();
        if (life.isNegative() || life.isZero() || life.compareTo(MAX_TOKEN_LIFE) > 0) {
            throw new IllegalArgumentException(
                    "life: " + life + " (expected: up to " + MAX_TOKEN_LIFE + ")");
        }
        log(AuditEntry.of("create-join-token").with("workload", wish.name()), operator);
        return created(new NewToken(store.createToken(wish.name(), life)));
    }

    /** Nothing attests the workload any more; within seconds nobody believes what it has. */
    @DeleteMapping("/workloads/{workload}")
    ResponseEntity<Void> remove(@PathVariable String workload, @Nullable Principal operator)
            throws IOException {
        ServiceName name = ServiceName.parse(workload);
        log(AuditEntry.of("remove-workload").with("workload", name), operator);
        enrolment.remove(name);
        return done(true);
    }

    @PostMapping("/workloads/{workload}/restore")
    ResponseEntity<Void> restore(@PathVariable String workload, @Nullable Principal operator)
            throws IOException {
        ServiceName name = ServiceName.parse(workload);
        log(AuditEntry.of("restore-workload").with("workload", name), operator);
        return done(enrolment.restore(name));
    }

    /** The end of the log, the newest last. */
    @GetMapping("/issued")
    List<JsonNode> issued(@RequestParam(defaultValue = "100") int count) {
        if (count < 1 || count > MAX_TAIL) {
            throw new IllegalArgumentException(
                    "count: " + count + " (expected: 1-" + MAX_TAIL + ")");
        }
        return audit.tail(count).stream().map(json::readTree).toList();
    }

    private void log(AuditEntry entry, @Nullable Principal operator) {
        audit.append(entry.with("by", operator == null ? "operator.token" : operator.getName()));
    }

    private static <T> ResponseEntity<T> created(T what) {
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(what);
    }

    private static ResponseEntity<Void> done(boolean found) {
        return found ? ResponseEntity.noContent().build() : ResponseEntity.notFound().build();
    }

    @ExceptionHandler
    ProblemDetail impossible(AuthorityException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.CONFLICT, String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail wrong(IllegalArgumentException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }

    @ExceptionHandler({AuditUnavailableException.class, IOException.class})
    ProblemDetail unavailable(Exception e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()));
    }
}

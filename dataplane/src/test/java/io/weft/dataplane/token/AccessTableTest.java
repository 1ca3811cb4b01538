// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.access.AccessCase;
import io.weft.conformance.access.AccessTable;
import io.weft.conformance.access.KeyServer;
import io.weft.dataplane.telemetry.TokenCounts;
import io.weft.policy.access.ServiceAccess;
import io.weft.policy.access.Verdict;
import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.feed.ApiKey;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The decision table with true tokens and their verification. */
class AccessTableTest {

    private final AccessTable table = new AccessTable();

    @TestFactory
    Stream<DynamicTest> decidesAsTheTableSays(@TempDir Path directory) throws Exception {
        KeyServer keys = KeyServer.publishing(table.key());
        PolicyObjects policy = policy(table.policy(keys.url()));
        var verifier =
                new TokenVerifier(
                        new TokenSettings(URI.create("https://127.0.0.1:1/jwks"), directory),
                        VerifierUnderTest.NO_MESH_KEYS,
                        new TokenCounts(),
                        Clock.systemUTC());
        verifier.apiKeys()
                .replace(
                        table.apiKeys().values().stream()
                                .map(
                                        each ->
                                                new ApiKey(
                                                        AccessTable.sha256(each.secret()),
                                                        each.client(),
                                                        each.scopes(),
                                                        List.of(),
                                                        each.expires()))
                                .toList());
        verifier.use(policy.tokens().values());
        awaitKeys(verifier, policy);
        return table.cases().stream()
                .map(
                        asked ->
                                DynamicTest.dynamicTest(
                                        asked.toString(), () -> decide(asked, policy, verifier)))
                .onClose(verifier::close)
                .onClose(keys::close);
    }

    private static PolicyObjects policy(String text) {
        Compilation compilation =
                PolicyCompiler.compile(
                        List.of(new PolicyText("table.yml", text)), List.of(), Good.NONE);
        assertThat(compilation.problems()).isEmpty();
        return compilation.good().objects();
    }

    private void awaitKeys(TokenVerifier verifier, PolicyObjects policy) {
        AccessCase signedIn =
                table.cases().stream()
                        .filter(each -> each.rule().equals("customers-order"))
                        .filter(each -> each.status() == 200)
                        .findFirst()
                        .orElseThrow();
        byte[] token =
                table.authorization(signedIn, Instant.now())
                        .orElseThrow()
                        .substring("Bearer ".length())
                        .getBytes(StandardCharsets.US_ASCII);
        TokenPolicy people =
                policy.tokens().values().stream()
                        .filter(each -> each.name().equals("people"))
                        .findFirst()
                        .orElseThrow();
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () ->
                                verifier.check(people, token, 0, token.length)
                                        instanceof TokenCheck.Verified);
    }

    private void decide(AccessCase asked, PolicyObjects policy, TokenVerifier verifier)
            throws Exception {
        var builder = PlainRequest.of(asked.method(), asked.service(), asked.path());
        asked.headers().forEach(each -> builder.header(each.getKey(), each.getValue()));
        table.authorization(asked, Instant.now())
                .ifPresent(value -> builder.header("authorization", value));
        table.keys(asked).forEach(value -> builder.header("x-api-key", value));
        PlainRequest request = builder.build();
        byte[] address = InetAddress.getByName(asked.address()).getAddress();

        Verdict verdict =
                ServiceAccess.to(
                                ServiceName.parse(asked.service()),
                                policy.access(),
                                policy.tokens())
                        .decide(
                                asked.caller()
                                        .map(name -> Caller.of(ServiceName.parse(name), address))
                                        .orElseGet(() -> Caller.unidentified(address)),
                                request,
                                new RequestUsers(verifier).of(request),
                                _ -> {});

        assertThat(status(verdict) + " " + verdict.by())
                .isEqualTo(asked.status() + " " + asked.rule());
    }

    private static int status(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Granted _ -> 200;
            case Verdict.Refused _ -> 403;
            case Verdict.SignIn _ -> 401;
        };
    }
}

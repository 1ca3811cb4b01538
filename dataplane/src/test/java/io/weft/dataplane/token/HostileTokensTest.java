// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.access.KeyServer;
import io.weft.conformance.access.SigningKey;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Section D of the hostile inputs, J-01 to J-17, against a true issuer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileTokensTest {

    /** The order of P-256. */
    private static final BigInteger N =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private final SigningKey es = SigningKey.es256("es");
    private final SigningKey rs = SigningKey.rs256("rs", 2_048);
    private final SigningKey attacker = SigningKey.es256("es");

    private KeyServer issuer;
    private KeyServer trap;
    private VerifierUnderTest verifier;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        issuer = KeyServer.publishing(es, rs);
        trap = KeyServer.publishing(attacker);
        verifier = new VerifierUnderTest(issuer, directory).awaitKeys(es);
    }

    @AfterAll
    void stop() {
        verifier.close();
        issuer.close();
        trap.close();
        assertThat(trap.requests()).as("requests that a token caused").isZero();
    }

    @Test
    void acceptsWhatIsSound() {
        assertThat(verifier.accepts(es.sign(verifier.claims()))).isTrue();
        assertThat(verifier.accepts(rs.sign(verifier.claims()))).isTrue();
        assertThat(verifier.accepts(es.sign(header("\"typ\":\"JWT\""), verifier.claims())))
                .isTrue();
        assertThat(
                        verifier.accepts(
                                es.sign("{\"alg\":\"ES256\",\"kid\":\"es\"}", verifier.claims())))
                .isTrue();
        // Without a name, the one key for the algorithm.
        assertThat(verifier.accepts(es.sign("{\"alg\":\"ES256\"}", verifier.claims()))).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> refusesAlgorithmsThatAreNone() {
        return Stream.of(
                        "\"none\"",
                        "\"None\"",
                        "\"NONE\"",
                        "\"nOnE\"",
                        "[]",
                        "256",
                        "null",
                        "\"HS256\"",
                        "\"ES256K\"",
                        "\"es256\"",
                        "\"EdDSA\"",
                        "\"ES384\"",
                        "\"PS256\"")
                .flatMap(
                        alg -> {
                            String header = "{\"alg\":" + alg + ",\"kid\":\"es\"}";
                            String unsigned =
                                    SigningKey.part(header)
                                            + "."
                                            + SigningKey.part(verifier.claims())
                                            + ".";
                            return Stream.of(
                                    refused("J-01 " + alg + " without signature", unsigned),
                                    refused("J-01 " + alg, es.sign(header, verifier.claims())));
                        });
    }

    @Test
    void refusesTheAlgorithmOfAnotherKey() {
        String claims = verifier.claims();

        assertThat(verifier.reason(es.sign("{\"alg\":\"RS256\",\"kid\":\"es\"}", claims)))
                .isEqualTo("the token is signed by an unknown key");
        assertThat(verifier.reason(es.sign("{\"kid\":\"es\"}", claims))).isNotEqualTo("accepted");
    }

    @TestFactory
    Stream<DynamicTest> refusesSignaturesThatAreNone() {
        String token = es.sign(verifier.claims(",\"jti\":\"j3\""));
        byte[] good = Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1));
        byte[] r = Arrays.copyOfRange(good, 0, 32);
        byte[] s = Arrays.copyOfRange(good, 32, 64);
        byte[] n = Arrays.copyOfRange(N.toByteArray(), 1, 33);
        byte[] zero = new byte[32];
        byte[] flipped = good.clone();
        flipped[63] ^= 1;
        String header = token.substring(0, token.indexOf('.'));
        return Stream.of(
                refused("J-03 r = 0, s = 0", signed(token, join(zero, zero))),
                refused("J-03 r = 0", signed(token, join(zero, s))),
                refused("J-03 s = 0", signed(token, join(r, zero))),
                refused("J-03 r = n", signed(token, join(n, s))),
                refused("J-03 s = n", signed(token, join(r, n))),
                refused("J-03 63 bytes", signed(token, Arrays.copyOf(good, 63))),
                refused("J-03 65 bytes", signed(token, Arrays.copyOf(good, 65))),
                refused("J-03 DER", signed(token, der(r, s))),
                refused("J-03 one bit", signed(token, flipped)),
                refused(
                        "J-03 other claims",
                        header
                                + "."
                                + SigningKey.part(verifier.claims(",\"admin\":true"))
                                + token.substring(token.lastIndexOf('.'))),
                refused("J-03 another key of that name", attacker.sign(verifier.claims())));
    }

    @TestFactory
    Stream<DynamicTest> asksNobodyWhomTheTokenNames() {
        String url = "\"http://127.0.0.1:" + trap.port() + "/jwks\"";
        return Stream.of(
                        "\"jwk\":" + attacker.jwk(),
                        "\"jku\":" + url,
                        "\"x5u\":" + url,
                        "\"x5c\":[\"MIIB\"]",
                        "\"x5t\":\"AAAA\"")
                .map(
                        member ->
                                refused(
                                        "J-05 " + member,
                                        attacker.sign(header(member), verifier.claims())));
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatItWouldHaveToUnderstand() {
        return Stream.of(
                        "\"crit\":[\"b64\"],\"b64\":false",
                        "\"b64\":false",
                        "\"crit\":[\"x\"],\"x\":1",
                        "\"crit\":[]",
                        "\"crit\":\"exp\"",
                        "\"crit\":[\"alg\"]")
                .map(
                        member ->
                                refused(
                                        "J-07 " + member,
                                        es.sign(header(member), verifier.claims())));
    }

    @TestFactory
    Stream<DynamicTest> knowsWhatTimeItIs() {
        long now = verifier.clock.seconds();
        return Stream.of(
                claimsRefused("J-09 nbf", ",\"nbf\":" + (now + 61)),
                claimsRefused("J-09 iat", ",\"iat\":" + (now + 100_000)),
                claimsRefused("J-09 nbf as text", ",\"nbf\":\"" + now + "\""),
                claimsRefused("J-09 nbf beyond all", ",\"nbf\":1e300"),
                accepted(
                        "J-09 nbf within skew", es.sign(verifier.claims(",\"nbf\":" + (now + 60)))),
                accepted("J-09 exp within skew", es.sign(claims("\"A\"", "" + (now - 59)))),
                refused("J-09 exp", es.sign(claims("\"A\"", "" + (now - 60)))),
                refused("J-09 exp as text", es.sign(claims("\"A\"", "\"" + (now + 60) + "\""))),
                refused("J-09 exp null", es.sign(claims("\"A\"", "null"))),
                refused("J-09 no exp", es.sign("{\"iss\":\"https://id.test\",\"aud\":\"A\"}")));
    }

    @TestFactory
    Stream<DynamicTest> isNotForEverybody() {
        String exp = "" + (verifier.clock.seconds() + 60);
        return Stream.concat(
                Stream.of("null", "[]", "\"A \"", "\"a\"", "\"\"", "7", "{\"A\":1}", "[[\"A\"]]")
                        .map(aud -> refused("J-11 " + aud, es.sign(claims(aud, exp)))),
                Stream.of(
                        accepted("J-11 one of several", es.sign(claims("[\"x\",\"A\"]", exp))),
                        refused(
                                "J-11 no aud",
                                es.sign("{\"iss\":\"https://id.test\",\"exp\":" + exp + "}")),
                        refused(
                                "J-11 issuer with slash",
                                es.sign(claims("\"A\"", exp).replace("id.test", "id.test/")))));
    }

    @TestFactory
    Stream<DynamicTest> readsNothingButThreeParts() {
        String token = es.sign(verifier.claims(",\"pad\":\"~~~~???\""));
        int last = token.lastIndexOf('.');
        String signature = token.substring(last + 1);
        String nested = es.sign(header("\"cty\":\"JWT\""), token);
        return Stream.of(
                refused("J-13 nothing", ""),
                refused("J-13 dots", ".."),
                refused("J-13 two parts", token.substring(0, last)),
                refused("J-13 four parts", token + ".AAAA"),
                refused("J-13 five parts", token + ".AAAA.AAAA"),
                refused("J-13 dot at the end", token + "."),
                refused("J-13 space before", " " + token),
                refused("J-13 space after", token + " "),
                refused("J-13 padding", token + "="),
                refused("J-13 padding inside", token.substring(0, last) + "==." + signature),
                refused("J-13 other alphabet", token.substring(0, last) + ".++//" + signature),
                refused("J-13 line break", token.substring(0, 20) + "\n" + token.substring(20)),
                refused("J-13 NUL", token.substring(0, 20) + "\0" + token.substring(20)),
                refused("J-13 nested", nested),
                refused("J-13 two tokens", token + "," + token));
    }

    @TestFactory
    Stream<DynamicTest> doesLittleForMuch() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);
        return Stream.of(
                refused("J-15 nested", es.sign(verifier.claims(",\"x\":" + deep))),
                refused("J-15 nested 100,000", es.sign("[".repeat(100_000))),
                refused(
                        "J-15 1 MB",
                        es.sign(verifier.claims(",\"x\":\"" + "a".repeat(750_000) + "\""))),
                refused(
                        "J-15 10,000 claims",
                        es.sign(
                                verifier.claims(
                                        IntStream.range(0, 10_000)
                                                .mapToObj(i -> ",\"c" + i + "\":1")
                                                .collect(Collectors.joining())))),
                refused(
                        "J-15 long number",
                        es.sign(verifier.claims(",\"x\":" + "9".repeat(10_000)))),
                refused(
                        "J-15 100,000 digits",
                        es.sign(verifier.claims(",\"x\":" + "9".repeat(100_000)))),
                refused(
                        "J-15 nested header",
                        es.sign(
                                header("\"x\":" + "[".repeat(3_000) + "]".repeat(3_000)),
                                verifier.claims())));
    }

    @TestFactory
    Stream<DynamicTest> takesNoOtherTokenForAnAccessToken() {
        return Stream.concat(
                Stream.of("logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE", "refresh", "")
                        .map(
                                typ ->
                                        refused(
                                                "J-17 typ " + typ,
                                                es.sign(
                                                        header("\"typ\":\"" + typ + "\""),
                                                        verifier.claims()))),
                Stream.of(
                        claimsRefused("J-17 nonce", ",\"nonce\":\"n\""),
                        claimsRefused("J-17 at_hash", ",\"at_hash\":\"h\""),
                        claimsRefused("J-17 ID token", ",\"typ\":\"ID\""),
                        claimsRefused("J-17 refresh token", ",\"typ\":\"Refresh\""),
                        claimsRefused("J-17 logout token", ",\"events\":{}")));
    }

    private DynamicTest claimsRefused(String name, String more) {
        return refused(name, es.sign(verifier.claims(more)));
    }

    private DynamicTest refused(String name, String token) {
        return DynamicTest.dynamicTest(
                name, () -> assertThat(verifier.reason(token)).isNotEqualTo("accepted"));
    }

    private DynamicTest accepted(String name, String token) {
        return DynamicTest.dynamicTest(
                name, () -> assertThat(verifier.reason(token)).isEqualTo("accepted"));
    }

    private static String header(String more) {
        return "{\"alg\":\"ES256\",\"kid\":\"es\"," + more + "}";
    }

    private static String claims(String audience, String expires) {
        return "{\"iss\":\"https://id.test\",\"aud\":%s,\"exp\":%s}".formatted(audience, expires);
    }

    private static String signed(String token, byte[] signature) {
        return token.substring(0, token.lastIndexOf('.') + 1) + SigningKey.part(signature);
    }

    private static byte[] join(byte[] r, byte[] s) {
        byte[] both = Arrays.copyOf(r, 64);
        System.arraycopy(s, 0, both, 32, 32);
        return both;
    }

    private static byte[] der(byte[] r, byte[] s) {
        byte[] first = new BigInteger(1, r).toByteArray();
        byte[] second = new BigInteger(1, s).toByteArray();
        byte[] der = new byte[6 + first.length + second.length];
        der[0] = 0x30;
        der[1] = (byte) (der.length - 2);
        der[2] = 2;
        der[3] = (byte) first.length;
        System.arraycopy(first, 0, der, 4, first.length);
        der[4 + first.length] = 2;
        der[5 + first.length] = (byte) second.length;
        System.arraycopy(second, 0, der, 6 + first.length, second.length);
        return der;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.access;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Section D of the corpus, J-01 to J-17: tokens for the issuer {@code https://id.test}, the
 * audience {@code A} and the role {@code member}, and what should keep most of them from being
 * believed. Their neighbours that are sound are among them, or whoever refuses everything would
 * pass.
 */
public final class HostileTokens {

    /**
     * One of them.
     *
     * @param text made when it is sent, for some of them are only just valid, or only just not
     */
    public record Row(String id, Supplier<String> text, boolean sound) {

        @Override
        public String toString() {
            return id;
        }
    }

    /** The order of P-256. */
    private static final BigInteger N =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private static final long LIFE = 300;
    private static final long SKEW = 60;

    private final SigningKey es;
    private final SigningKey rs;
    private final SigningKey attacker;
    private final String trap;
    private final LongSupplier clock;
    private final long slack;
    private final List<Row> rows = new ArrayList<>();

    /**
     * @param es a key of the issuer
     * @param rs another one
     * @param attacker of the same id as {@code es}, and not the issuer's
     * @param trap where the attacker's key is published
     * @param clock the verifier's, in epoch seconds
     * @param slack how many seconds may pass until the verifier sees a token
     */
    public HostileTokens(
            SigningKey es,
            SigningKey rs,
            SigningKey attacker,
            String trap,
            LongSupplier clock,
            long slack) {
        this.es = es;
        this.rs = rs;
        this.attacker = attacker;
        this.trap = trap;
        this.clock = clock;
        this.slack = slack;
        sound();
        algorithms();
        signatures();
        keysInTheHeader();
        criticalParameters();
        times();
        audiences();
        forms();
        sizes();
        otherTokens();
    }

    /** All rows, in the order of their ids. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /** Good claims. */
    public String claims() {
        return claims("");
    }

    /** Good claims, and more; a claim that is said twice counts as said last. */
    public String claims(String more) {
        return claims("\"A\"", String.valueOf(clock.getAsLong() + LIFE), more);
    }

    private static String claims(String audience, String expires, String more) {
        return "{\"iss\":\"https://id.test\",\"aud\":%s,\"sub\":\"ada\",\"roles\":[\"member\"],\"exp\":%s%s}"
                .formatted(audience, expires, more);
    }

    private static String header(String more) {
        return "{\"alg\":\"ES256\",\"kid\":\"es\"," + more + "}";
    }

    private void sound() {
        believed("J-00 ES256", () -> es.sign(claims()));
        believed("J-00 RS256", () -> rs.sign(claims()));
        believed("J-00 typ JWT", () -> es.sign(header("\"typ\":\"JWT\""), claims()));
        believed("J-00 no typ", () -> es.sign("{\"alg\":\"ES256\",\"kid\":\"es\"}", claims()));
        // Without a name, the one key for the algorithm.
        believed("J-00 no kid", () -> es.sign("{\"alg\":\"ES256\"}", claims()));
    }

    private void algorithms() {
        for (String alg :
                List.of(
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
                        "\"PS256\"",
                        "\"RS256\"")) {
            String header = "{\"alg\":" + alg + ",\"kid\":\"es\"}";
            refused(
                    "J-01 " + alg + " without signature",
                    () -> SigningKey.part(header) + "." + SigningKey.part(claims()) + ".");
            refused("J-01 " + alg, () -> es.sign(header, claims()));
        }
        refused("J-01 no alg", () -> es.sign("{\"kid\":\"es\"}", claims()));
    }

    private void signatures() {
        byte[] zero = new byte[32];
        byte[] n = Arrays.copyOfRange(N.toByteArray(), 1, 33);
        forged("J-03 r = 0, s = 0", (_, _) -> join(zero, zero));
        forged("J-03 r = 0", (_, s) -> join(zero, s));
        forged("J-03 s = 0", (r, _) -> join(r, zero));
        forged("J-03 r = n", (_, s) -> join(n, s));
        forged("J-03 s = n", (r, _) -> join(r, n));
        forged("J-03 r + n", (r, s) -> beyond(r, s));
        forged("J-03 63 bytes", (r, s) -> Arrays.copyOf(join(r, s), 63));
        forged("J-03 65 bytes", (r, s) -> Arrays.copyOf(join(r, s), 65));
        forged("J-03 DER", HostileTokens::der);
        forged("J-03 one bit", (r, s) -> join(r, flipped(s)));
        refused(
                "J-03 other claims",
                () -> {
                    String token = es.sign(claims());
                    return token.substring(0, token.indexOf('.') + 1)
                            + SigningKey.part(claims(",\"admin\":true"))
                            + token.substring(token.lastIndexOf('.'));
                });
        refused("J-03 another key of that name", () -> attacker.sign(claims()));
    }

    private void keysInTheHeader() {
        String url = "\"" + trap + "\"";
        for (String member :
                List.of(
                        "\"jwk\":" + attacker.jwk(),
                        "\"jku\":" + url,
                        "\"x5u\":" + url,
                        "\"x5c\":[\"" + attacker.certificate() + "\"]",
                        "\"x5c\":[\"MIIB\"]",
                        "\"x5t\":\"AAAA\"")) {
            refused("J-05 " + member, () -> attacker.sign(header(member), claims()));
            refused(
                    "J-05 unknown name, " + member,
                    () ->
                            attacker.sign(
                                    "{\"alg\":\"ES256\",\"kid\":\"own\"," + member + "}",
                                    claims()));
        }
    }

    private void criticalParameters() {
        for (String member :
                List.of(
                        "\"crit\":[\"b64\"],\"b64\":false",
                        "\"b64\":false",
                        "\"crit\":[\"x\"],\"x\":1",
                        "\"crit\":[]",
                        "\"crit\":\"exp\"",
                        "\"crit\":[\"alg\"]")) {
            refused("J-07 " + member, () -> es.sign(header(member), claims()));
        }
    }

    private void times() {
        timed("J-09 nbf", false, now -> claims(",\"nbf\":" + (now + SKEW + 1 + slack)));
        timed("J-09 iat", false, now -> claims(",\"iat\":" + (now + 100_000)));
        timed("J-09 nbf as text", false, now -> claims(",\"nbf\":\"" + now + "\""));
        timed("J-09 nbf beyond all", false, _ -> claims(",\"nbf\":1e300"));
        timed("J-09 nbf within skew", true, now -> claims(",\"nbf\":" + (now + SKEW)));
        timed("J-09 exp within skew", true, now -> expiring(now - SKEW + 1 + slack));
        timed("J-09 exp", false, now -> expiring(now - SKEW));
        timed("J-09 exp as text", false, now -> expiring("\"" + (now + 60) + "\""));
        timed("J-09 exp null", false, _ -> expiring("null"));
        timed(
                "J-09 no exp",
                false,
                _ -> "{\"iss\":\"https://id.test\",\"aud\":\"A\",\"roles\":[\"member\"]}");
    }

    private static String expiring(Object when) {
        return claims("\"A\"", when.toString(), "");
    }

    private void audiences() {
        for (String audience :
                List.of("null", "[]", "\"A \"", "\"a\"", "\"\"", "7", "{\"A\":1}", "[[\"A\"]]")) {
            timed("J-11 " + audience, false, now -> claims(audience, "" + (now + LIFE), ""));
        }
        timed("J-11 one of several", true, now -> claims("[\"x\",\"A\"]", "" + (now + LIFE), ""));
        timed(
                "J-11 no aud",
                false,
                now ->
                        "{\"iss\":\"https://id.test\",\"roles\":[\"member\"],\"exp\":%d}"
                                .formatted(now + LIFE));
        timed(
                "J-11 issuer with slash",
                false,
                _ -> claims().replace("https://id.test", "https://id.test/"));
    }

    private void forms() {
        reshaped("J-13 nothing", _ -> "");
        reshaped("J-13 dots", _ -> "..");
        reshaped("J-13 two parts", token -> token.substring(0, token.lastIndexOf('.')));
        reshaped("J-13 four parts", token -> token + ".AAAA");
        reshaped("J-13 five parts", token -> token + ".AAAA.AAAA");
        reshaped(
                "J-13 encrypted",
                _ ->
                        SigningKey.part("{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"kid\":\"es\"}")
                                + "..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
        reshaped("J-13 dot at the end", token -> token + ".");
        reshaped("J-13 space before", token -> " " + token);
        reshaped("J-13 tab before", token -> "\t" + token);
        reshaped("J-13 space inside", token -> token.replaceFirst("[.]", ". "));
        reshaped("J-13 space and more", token -> token + " x");
        reshaped("J-13 padding", token -> token + "=");
        reshaped("J-13 padding inside", token -> token.replaceFirst("[.]([^.]*)$", "==.$1"));
        reshaped("J-13 other alphabet", token -> token.replaceFirst("[.]([^.]*)$", ".++//$1"));
        reshaped("J-13 standard alphabet", token -> token.replace('-', '+').replace('_', '/'));
        reshaped("J-13 line break", token -> token.substring(0, 20) + "\n" + token.substring(20));
        reshaped("J-13 NUL", token -> token.substring(0, 20) + "\0" + token.substring(20));
        reshaped("J-13 nested", token -> es.sign(header("\"cty\":\"JWT\""), token));
        reshaped("J-13 two tokens", token -> token + "," + token);
    }

    private void sizes() {
        sized("J-15 nested", "[".repeat(5_000) + "]".repeat(5_000));
        refused("J-15 nested 100,000", () -> es.sign("[".repeat(100_000)));
        sized("J-15 1 MB", "\"" + "a".repeat(750_000) + "\"");
        sized("J-15 long number", "9".repeat(10_000));
        sized("J-15 100,000 digits", "9".repeat(100_000));
        sized("J-15 many nested", "{\"a\":".repeat(1_500) + "1" + "}".repeat(1_500));
        refused(
                "J-15 10,000 claims",
                () ->
                        es.sign(
                                claims(
                                        IntStream.range(0, 10_000)
                                                .mapToObj(i -> ",\"c" + i + "\":1")
                                                .collect(Collectors.joining()))));
        refused(
                "J-15 nested header",
                () -> es.sign(header("\"x\":" + "[".repeat(3_000) + "]".repeat(3_000)), claims()));
    }

    private void otherTokens() {
        for (String type :
                List.of("logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE", "refresh", "")) {
            refused(
                    "J-17 typ " + type,
                    () -> es.sign(header("\"typ\":\"" + type + "\""), claims()));
        }
        for (String claim :
                List.of(
                        "\"nonce\":\"n\"",
                        "\"at_hash\":\"h\"",
                        "\"typ\":\"ID\"",
                        "\"typ\":\"Refresh\"",
                        "\"events\":{}")) {
            refused("J-17 " + claim, () -> es.sign(claims("," + claim)));
        }
        timed("J-17 of a client", false, now -> claims("\"client-x\"", "" + (now + LIFE), ""));
    }

    // ---- how they are made ----------------------------------------------------------------------

    private void believed(String id, Supplier<String> text) {
        rows.add(new Row(id, text, true));
    }

    private void refused(String id, Supplier<String> text) {
        rows.add(new Row(id, text, false));
    }

    private void sized(String id, String claim) {
        refused(id, () -> es.sign(claims(",\"x\":" + claim)));
    }

    /** Makes the claims from the time. */
    private interface Timed {
        String at(long now);
    }

    private void timed(String id, boolean sound, Timed claims) {
        rows.add(new Row(id, () -> es.sign(claims.at(clock.getAsLong())), sound));
    }

    /** Changes a good token, which has both letters in it that the two alphabets have apart. */
    private interface Reshaping {
        String of(String token);
    }

    private void reshaped(String id, Reshaping reshaping) {
        refused(id, () -> reshaping.of(es.sign(claims(",\"pad\":\"~~~~???\""))));
    }

    /** Makes another signature from a good one. */
    private interface Forgery {
        byte[] of(byte[] r, byte[] s);
    }

    private void forged(String id, Forgery forgery) {
        refused(id, () -> resigned(es.sign(claims()), forgery));
    }

    private static String resigned(String token, Forgery forgery) {
        int dot = token.lastIndexOf('.');
        byte[] good = Base64.getUrlDecoder().decode(token.substring(dot + 1));
        byte[] r = Arrays.copyOfRange(good, 0, 32);
        byte[] s = Arrays.copyOfRange(good, 32, 64);
        return token.substring(0, dot + 1) + SigningKey.part(forgery.of(r, s));
    }

    /** The same token with the other signature that the same key has for it, s for n - s. */
    public static String highOrLow(String token) {
        return resigned(token, (r, s) -> join(r, fixed(N.subtract(new BigInteger(1, s)))));
    }

    private static byte[] flipped(byte[] s) {
        byte[] other = s.clone();
        other[31] ^= 1;
        return other;
    }

    /** The next number that is the same modulo n; where it has no room, n itself. */
    private static byte[] beyond(byte[] r, byte[] s) {
        BigInteger next = new BigInteger(1, r).add(N);
        return join(next.bitLength() > 256 ? fixed(N) : fixed(next), s);
    }

    private static byte[] fixed(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[32];
        int kept = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - kept, fixed, 32 - kept, kept);
        return fixed;
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

// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.request.HeaderName;
import io.weft.policy.token.ClaimPath;
import io.weft.policy.token.ForwardedClaim;
import io.weft.policy.token.SigningAlgorithm;
import io.weft.policy.token.TokenPolicy;
import java.net.URI;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads {@code weft.tokens.*}. */
final class TokenReader {

    private static final String URL_SYNTAX =
            "an http or https URL without user and fragment, such as"
                    + " https://id.example/oauth2/jwks";

    private static final String TEXT_SYNTAX = "visible ASCII characters, at most 500";

    private static final Pattern TEXT = Pattern.compile("[!-~]{1,500}");

    private TokenReader() {}

    static TokenPolicy token(Value.Named entry) {
        return entry.read(ObjectReader::name, TokenReader::token);
    }

    private static Function<String, TokenPolicy> token(Value value) {
        Fields fields = value.fields();
        var issuer = fields.required("issuer", TokenReader::text);
        var audiences = fields.required("audiences", each -> each.someOf(TokenReader::text));
        var keys = fields.narrowing("keys", TokenReader::url);
        var algorithms = fields.narrowing("algorithms", TokenReader::algorithms);
        var forward = fields.narrowing("forward", TokenReader::forward);
        fields.done();
        return name ->
                new TokenPolicy(
                        name,
                        issuer.get(),
                        audiences.get(),
                        keys.value(),
                        algorithms.or(TokenPolicy.DEFAULT_ALGORITHMS),
                        forward.or(List.of()));
    }

    private static List<ForwardedClaim> forward(Value value) {
        var headers = new HashSet<HeaderName>();
        return value.nonEmpty(value.map(entry -> forwarded(entry, headers)));
    }

    private static ForwardedClaim forwarded(Value.Named entry, Set<HeaderName> taken) {
        return entry.read(
                key -> key.parsed(ClaimPath::new, ClaimPath.SYNTAX),
                value -> {
                    HeaderName header = HeaderEditsReader.identity(value);
                    if (!taken.add(header)) {
                        throw value.refuse("two claims as one header", "a header for each claim");
                    }
                    return claim -> new ForwardedClaim(claim, header);
                });
    }

    private static String text(Value value) {
        return value.parsed(
                text -> {
                    if (!TEXT.matcher(text).matches()) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                },
                TEXT_SYNTAX);
    }

    private static URI url(Value value) {
        return value.parsed(
                text -> {
                    URI url = URI.create(text);
                    boolean http =
                            "http".equals(url.getScheme()) || "https".equals(url.getScheme());
                    if (!http
                            || url.getHost() == null
                            || url.getRawUserInfo() != null
                            || url.getRawFragment() != null) {
                        throw new IllegalArgumentException(text);
                    }
                    return url;
                },
                URL_SYNTAX);
    }

    private static Set<SigningAlgorithm> algorithms(Value value) {
        return EnumSet.copyOf(value.someOf(TokenReader::algorithm));
    }

    private static SigningAlgorithm algorithm(Value value) {
        return value.parsed(
                SigningAlgorithm::valueOf,
                "one of: " + String.join(", ", names()) + "; never a shared secret");
    }

    private static List<String> names() {
        return EnumSet.allOf(SigningAlgorithm.class).stream().map(Enum::name).toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

class CookiesTest {

    private static final Attempt ATTEMPT =
            new Attempt("s", "n", "v", Instant.EPOCH, LocalPath.orRoot("/a?b=c"));

    private final Cookies cookies = new Cookies(true);

    private static HttpHeaders with(String... lines) {
        var headers = new HttpHeaders();
        for (String line : lines) {
            headers.add(HttpHeaders.COOKIE, line);
        }
        return headers;
    }

    @Test
    void areBoundToTheHostWhereThereIsTls() {
        assertThat(cookies.session("x").toString())
                .isEqualTo("__Host-weft-session=x; Path=/; Secure; HttpOnly; SameSite=Lax");
        assertThat(cookies.sessionIn(with("weft-session=x"))).isNull();
        assertThat(cookies.sessionIn(with("a=b; __Host-weft-session=x"))).isEqualTo("x");
    }

    @Test
    void countForNothingWhenThereAreTwo() {
        assertThat(cookies.sessionIn(with("__Host-weft-session=x; __Host-weft-session=y")))
                .isNull();
        assertThat(cookies.sessionIn(with("__Host-weft-session=x", "__Host-weft-session=x")))
                .isNull();
    }

    @Test
    void goToNoService() {
        HttpHeaders headers =
                with("a=b; __Host-weft-session=x;weft-session=y", "weft-sign-in=z; c=d", "e");
        assertThat(cookies.areIn(headers)).isTrue();
        cookies.removeFrom(headers);
        assertThat(headers.get(HttpHeaders.COOKIE)).containsExactly("a=b; c=d; e");
        assertThat(cookies.areIn(headers)).isFalse();
    }

    @Test
    void keepAttemptsThatNobodyElseCanReadOrMake() {
        var seal = new AttemptSeal("a secret");
        String sealed = seal.seal(ATTEMPT);
        assertThat(seal.open(sealed)).isEqualTo(ATTEMPT);
        assertThat(new AttemptSeal("a secret").open(sealed)).isEqualTo(ATTEMPT);
        assertThat(new AttemptSeal("another").open(sealed)).isNull();
        assertThat(seal.open(sealed.substring(1))).isNull();
        assertThat(seal.open("")).isNull();
        assertThat(seal.open("!")).isNull();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import io.weft.dataplane.http.ApiKeyForm;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import io.weft.policy.token.Credential;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import io.weft.policy.token.Users;
import org.jspecify.annotations.Nullable;

/**
 * The users of the requests of one connection, one after the other, by the bearer tokens in their
 * Authorization fields (RFC 6750 §2.1) or the API keys in {@code X-Api-Key}. Remembers the last
 * answer, because several rules ask.
 */
public final class RequestUsers implements Users {

    private static final HeaderName API_KEY = HeaderName.of("x-api-key");
    private static final HeaderName AUTHORIZATION = HeaderName.of("authorization");
    private static final byte[] SCHEME = {'b', 'e', 'a', 'r', 'e', 'r'};

    private final TokenVerifier verifier;
    private @Nullable RequestView request;
    private @Nullable Credential asked;
    private TokenCheck answer = TokenCheck.ABSENT;

    public RequestUsers(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    /** From now on it is about this request. */
    public RequestUsers of(RequestView request) {
        this.request = request;
        this.asked = null;
        return this;
    }

    @Override
    public TokenCheck user(Credential credential) {
        if (!credential.equals(asked)) {
            answer = request == null ? TokenCheck.ABSENT : check(credential, request);
            asked = credential;
        }
        return answer;
    }

    private TokenCheck check(Credential credential, RequestView request) {
        return switch (credential) {
            case TokenPolicy token -> check(token, request);
            case Credential.ApiKey _ -> checkKey(request);
        };
    }

    private TokenCheck checkKey(RequestView request) {
        int field = request.header(API_KEY, 0);
        if (field < 0) {
            return TokenCheck.ABSENT;
        }
        byte[] bytes = request.bytes();
        int start = request.valueStart(field);
        int end = request.valueEnd(field);
        if (request.header(API_KEY, field + 1) >= 0) {
            return verifier.apiKeys().refuse(Refusal.SEVERAL_API_KEYS);
        }
        return ApiKeyForm.isKey(bytes, start, end)
                ? verifier.apiKeys().check(bytes, start, end)
                : TokenCheck.ABSENT;
    }

    private TokenCheck check(TokenPolicy token, RequestView request) {
        int field = request.header(AUTHORIZATION, 0);
        if (field < 0) {
            return TokenCheck.ABSENT;
        }
        if (request.header(AUTHORIZATION, field + 1) >= 0) {
            return Refusal.SEVERAL.check();
        }
        byte[] bytes = request.bytes();
        int end = request.valueEnd(field);
        int start = afterScheme(bytes, request.valueStart(field), end);
        return start < 0 ? TokenCheck.ABSENT : verifier.check(token, bytes, start, end);
    }

    /**
     * Where the token begins, or -1 for another scheme. One space is taken off, more belong to the
     * token, which is a bad one then: nobody needs what RFC 9110 §11.4 allows here.
     */
    private static int afterScheme(byte[] bytes, int start, int end) {
        int at = start;
        for (byte expected : SCHEME) {
            if (at >= end || (bytes[at++] | 0x20) != expected) {
                return -1;
            }
        }
        if (at < end && bytes[at] != ' ') {
            return -1;
        }
        return Math.min(at + 1, end);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.calls;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/**
 * Calls to the other services by their plain names, which no DNS knows: it is the mesh agent behind
 * the JVM's HTTP proxy setting that finds an instance.
 */
@Component
public class Calls {

    private final RestClient http;

    Calls(RestClient.Builder builder) {
        this.http = builder.requestInterceptor(new PassOn()).build();
    }

    /**
     * Reads something from a service.
     *
     * @param path such as {@code /orders/{id}}
     * @throws CalleeFailed if there is no good answer
     */
    public <T> T get(String callee, String path, Class<T> type, Object... variables) {
        return answer(callee, type, http.get().uri("http://" + callee + path, variables));
    }

    /**
     * Sends something to a service as JSON.
     *
     * @throws CalleeFailed if there is no good answer
     */
    public <T> T post(String callee, String path, Class<T> type, Object body) {
        var request =
                http.post()
                        .uri("http://" + callee + path)
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(body);
        return answer(callee, type, request);
    }

    private static <T> T answer(
            String callee, Class<T> type, RestClient.RequestHeadersSpec<?> request) {
        try {
            T answer = request.retrieve().body(type);
            if (answer != null) {
                return answer;
            }
        } catch (RestClientResponseException e) {
            throw CalleeFailed.answered(callee, e);
        } catch (ResourceAccessException e) {
            throw new CalleeFailed(HttpStatus.BAD_GATEWAY, callee + " did not answer", e);
        } catch (RestClientException e) {
            throw new CalleeFailed(HttpStatus.BAD_GATEWAY, callee + " talked nonsense", e);
        }
        throw new CalleeFailed(HttpStatus.BAD_GATEWAY, callee + " said nothing", null);
    }
}

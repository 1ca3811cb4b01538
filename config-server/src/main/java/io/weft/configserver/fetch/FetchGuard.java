// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.fetch;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets names through and nothing else. Config Server puts application, profile and label into paths
 * and URLs and resolves placeholders in them; here is said once what they may consist of, rather
 * than relying on each of its repositories to look.
 *
 * <p>It looks at every request and at the path as it was sent: the container matches filters
 * against {@code /config/../x} as {@code /x}, and Spring matches controllers against the whole of
 * it.
 */
final class FetchGuard extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(FetchGuard.class);

    /** Not hidden, no step upwards, no URL, no placeholder, no wildcard, nothing encoded twice. */
    private static final Pattern SEGMENT =
            Pattern.compile("(?!\\.)(?!.*\\.\\.)[\\p{L}\\p{N}_.,@+~=! ()-]+");

    /** How Config Server writes a slash within a name. */
    private static final String SLASH = "(_)";

    private static final int LONGEST_SHOWN = 200;

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isPlain(request.getRequestURI())) {
            chain.doFilter(request, response);
            return;
        }
        log.warn(
                "A fetch from {} was refused: {}",
                request.getRemoteAddr(),
                shown(request.getRequestURI()));
        response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        response.setContentType("application/problem+json");
        response.getWriter()
                .write(
                        "{\"status\":404,\"title\":\"Not Found\","
                                + "\"detail\":\"no configuration has such a name\"}");
    }

    private static boolean isPlain(String encodedPath) {
        try {
            // A plus stands for itself in a path.
            String path =
                    URLDecoder.decode(encodedPath.replace("+", "%2B"), StandardCharsets.UTF_8);
            return Stream.of(path.replace(SLASH, "/").replaceFirst("^/", "").split("/"))
                    .allMatch(segment -> SEGMENT.matcher(segment).matches());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String shown(String uri) {
        String cut = uri.length() > LONGEST_SHOWN ? uri.substring(0, LONGEST_SHOWN) + "…" : uri;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.listen;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.weft.authservice.ca.CertificateAuthority;
import io.weft.authservice.ca.Leaf;
import io.weft.authservice.ca.PeerTrust;
import io.weft.authservice.ca.TrustBundle;
import io.weft.authservice.ca.X509;
import io.weft.authservice.client.SecretHash;
import io.weft.authservice.database.Outage;
import io.weft.authservice.enrol.Attestation;
import io.weft.authservice.enrol.Enrolment;
import io.weft.authservice.enrol.Refusal;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.SpiffeId;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is here: {@code /enrol}, {@code /bundle} and what others have published. */
public final class Endpoints {

    private static final Logger log = LoggerFactory.getLogger(Endpoints.class);

    private static final String BUNDLE = "/bundle";
    private static final String ENROL = "/enrol";

    private final CertificateAuthority authority;
    private final Enrolment enrolment;
    private final PeerTrust trust;
    private final Map<String, Published> published;

    public Endpoints(
            CertificateAuthority authority,
            Enrolment enrolment,
            PeerTrust trust,
            List<Published> published) {
        this.authority = authority;
        this.enrolment = enrolment;
        this.trust = trust;
        this.published =
                published.stream().collect(Collectors.toMap(Published::path, Function.identity()));
    }

    /** A request, apart from how it came. */
    record Asked(
            String method,
            String path,
            @Nullable String ifNoneMatch,
            byte[] body,
            InetAddress from,
            X509Certificate @Nullable [] certificates) {}

    private record Enrolled(List<String> chain, BundleDocument bundle) {}

    /** May block. */
    FullHttpResponse answer(Asked asked) {
        try {
            return switch (asked.path()) {
                case ENROL -> asked.method().equals("POST") ? enrol(asked) : only("POST");
                case BUNDLE -> asked.method().equals("GET") ? bundle(asked) : only("GET");
                default -> document(asked);
            };
        } catch (Refusal e) {
            return Answer.refused(e);
        } catch (RuntimeException e) {
            if (Outage.isCauseOf(e)) {
                return Answer.refused(Refusal.unavailable("the database is away"));
            }
            log.error("{} failed", asked.path(), e);
            return Answer.problem(HttpResponseStatus.INTERNAL_SERVER_ERROR, null);
        }
    }

    private static FullHttpResponse only(String method) {
        FullHttpResponse response =
                Answer.problem(HttpResponseStatus.METHOD_NOT_ALLOWED, "takes " + method);
        response.headers().set(HttpHeaderNames.ALLOW, method);
        return response;
    }

    private FullHttpResponse bundle(Asked asked) {
        TrustBundle bundle = authority.bundle();
        String tag = "\"" + bundle.sequence() + "\"";
        FullHttpResponse response =
                tag.equals(asked.ifNoneMatch())
                        ? Answer.notModified()
                        : Answer.json(BundleDocument.of(bundle));
        response.headers().set(HttpHeaderNames.ETAG, tag);
        return response;
    }

    private FullHttpResponse enrol(Asked asked) {
        EnrolmentRequest request = EnrolmentRequest.read(asked.body());
        ServiceName workload = request.name();
        byte[] csr = request.der();
        Attestation shown = request.shown(asked.from());
        Leaf leaf =
                enrolment.enrol(
                        workload,
                        csr,
                        shown != null ? shown : new Attestation.CurrentCertificate(peer(asked)));
        return Answer.json(new Enrolled(chain(leaf), BundleDocument.of(authority.bundle())));
    }

    /** Asked anew for each request: the connection may be older than what is trusted now. */
    private SpiffeId peer(Asked asked) {
        X509Certificate[] certificates = asked.certificates();
        if (certificates == null) {
            throw Refusal.notAttested("neither an attestation nor a client certificate");
        }
        try {
            return trust.identify(certificates);
        } catch (CertificateException e) {
            throw Refusal.notAttested("client certificate: " + e.getMessage());
        }
    }

    private static List<String> chain(Leaf leaf) {
        var chain = new ArrayList<String>();
        chain.add(Base64.getEncoder().encodeToString(leaf.der()));
        leaf.issuers()
                .forEach(each -> chain.add(Base64.getEncoder().encodeToString(X509.der(each))));
        return chain;
    }

    private FullHttpResponse document(Asked asked) {
        Published document = published.get(asked.path());
        if (document == null) {
            return Answer.problem(HttpResponseStatus.NOT_FOUND, null);
        }
        if (!asked.method().equals("GET")) {
            return only("GET");
        }
        ServiceName reader = document.reader();
        if (reader != null && !peer(asked).workload().equals(reader)) {
            throw Refusal.forbidden("not for this workload");
        }
        String json = document.json().get();
        String tag = '"' + SecretHash.of(json) + '"';
        FullHttpResponse response =
                tag.equals(asked.ifNoneMatch())
                        ? Answer.notModified()
                        : Answer.json(json.getBytes(StandardCharsets.UTF_8));
        response.headers().set(HttpHeaderNames.ETAG, tag);
        return response;
    }
}

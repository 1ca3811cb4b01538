// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import io.weft.dataplane.identity.UntrustedPeerException.Reason;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.SpiffeId;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * What connections are made with, from one renewal or change of trust to the next: an identity and
 * a trust bundle, and TLS 1.3 made of them. The tickets of sessions belong to it, so that none
 * outlives what it was given on.
 */
public final class Credentials {

    private static final String PROTOCOL = "TLSv1.3";
    private static final Duration HANDSHAKE = Duration.ofSeconds(5);

    /** The first is safe from whoever records today and has a quantum computer later. */
    private static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256"};

    private static final int MAX_CERTIFICATES = 32 * 1024;
    private static final long SESSION_SECONDS = 3_600;
    private static final long SESSIONS = 10_000;

    private final @Nullable Svid svid;
    private final SvidVerifier verifier;
    private final Clock clock;
    private final @Nullable SslContext server;
    private final SslContext client;

    /** Loads what TLS is made with, which takes its time, before there is anything to make. */
    public static void load() {
        OpenSsl.isAvailable();
    }

    /** An identity and whom it believes. */
    static Credentials of(Svid svid, TrustBundle bundle, Clock clock) throws SSLException {
        var verifier = new SvidVerifier(svid.id().trustDomain(), bundle, clock);
        return new Credentials(svid, verifier, clock);
    }

    /** No identity yet: for the first contact with whoever gives one. */
    static Credentials anonymous(TrustBundle bundle, Clock clock) throws SSLException {
        return new Credentials(null, new SvidVerifier(null, bundle, clock), clock);
    }

    private Credentials(@Nullable Svid svid, SvidVerifier verifier, Clock clock)
            throws SSLException {
        this.svid = svid;
        this.verifier = verifier;
        this.clock = clock;
        this.server = svid == null ? null : serverContext(svid, verifier);
        this.client = clientContext(svid, verifier);
    }

    private static SslContext serverContext(Svid svid, SvidVerifier verifier) throws SSLException {
        return common(
                        SslContextBuilder.forServer(keys(svid))
                                .clientAuth(ClientAuth.REQUIRE)
                                .trustManager(new MeshTrustManager(verifier::verify)))
                .build();
    }

    private static SslContext clientContext(@Nullable Svid svid, SvidVerifier verifier)
            throws SSLException {
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .trustManager(new MeshTrustManager(verifier::verify))
                        // The certificate names a workload, not a host.
                        .endpointIdentificationAlgorithm(null);
        if (svid != null) {
            builder.keyManager(keys(svid));
        }
        return common(builder).build();
    }

    private static SslContextBuilder common(SslContextBuilder builder) {
        builder.protocols(PROTOCOL)
                .applicationProtocolConfig(
                        new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                ApplicationProtocolNames.HTTP_1_1))
                .sessionCacheSize(SESSIONS)
                .sessionTimeout(SESSION_SECONDS);
        if (OpenSsl.isAvailable()) {
            builder.sslProvider(SslProvider.OPENSSL)
                    .option(OpenSslContextOption.GROUPS, GROUPS)
                    .option(OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES, MAX_CERTIFICATES);
        } else {
            builder.sslProvider(SslProvider.JDK);
        }
        return builder;
    }

    /** Read by OpenSSL at the first handshake, and not again. */
    private static KeyManagerFactory keys(Svid svid) {
        return new OpenSslCachingX509KeyManagerFactory(
                new KeyManagerFactoryWrapper(new SvidKeyManager(svid)));
    }

    /** Whether there is an identity to show. */
    public boolean areValid() {
        return svid != null && svid.isValidAt(clock.instant());
    }

    /** Whose identity it is, or null before there is one. */
    public @Nullable SpiffeId id() {
        return svid == null ? null : svid.id();
    }

    /** When the identity ends; the distant past when there is none. */
    public Instant notAfter() {
        return svid == null ? Instant.EPOCH : svid.notAfter();
    }

    // ---- connections ----------------------------------------------------------------------------

    /**
     * The TLS of a connection that was accepted, or null when there is no valid identity to show.
     */
    public @Nullable SslHandler newServerHandler(ByteBufAllocator allocator) {
        return server == null || !areValid() ? null : bounded(server.newHandler(allocator));
    }

    /** The TLS of a connection that was made to an address. */
    public SslHandler newClientHandler(ByteBufAllocator allocator, InetSocketAddress to) {
        return bounded(client.newHandler(allocator, to.getHostString(), to.getPort()));
    }

    private static SslHandler bounded(SslHandler handler) {
        handler.setHandshakeTimeout(HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    /**
     * Who is at the other end, once the handshake is over. A resumed session is asked as a new one
     * is: what was true when its ticket was given may not be true any more.
     *
     * @throws UntrustedPeerException when it is nobody who is believed now
     */
    public Peer peer(SslHandler handler) throws UntrustedPeerException {
        try {
            return verifier.verify(
                    Arrays.stream(handler.engine().getSession().getPeerCertificates())
                            .map(X509Certificate.class::cast)
                            .toList());
        } catch (SSLPeerUnverifiedException e) {
            throw new UntrustedPeerException(Reason.NO_CERTIFICATE, "the peer showed none");
        }
    }

    /** Whom a chain of certificates proves. */
    Peer peer(List<X509Certificate> chain) throws UntrustedPeerException {
        return verifier.verify(chain);
    }

    /**
     * As {@link #peer}, where only one workload will do.
     *
     * @param expected the namespace and name of the workload; its trust domain is one's own
     * @throws UntrustedPeerException when it is another one, or nobody who is believed
     */
    public Peer peer(SslHandler handler, ServiceName expected) throws UntrustedPeerException {
        Peer peer = peer(handler);
        if (!peer.id().workload().equals(expected)) {
            throw new UntrustedPeerException(
                    Reason.OTHER_WORKLOAD, peer.id() + " (expected: " + expected + ")");
        }
        return peer;
    }

    /** Whether somebody who was believed once still would be. */
    public boolean stillBelieve(Peer peer) {
        return believe(peer.chain());
    }

    /** Whether others who believe the same would believe this identity. */
    boolean believe(Svid own) {
        return believe(own.chain());
    }

    private boolean believe(List<X509Certificate> chain) {
        try {
            verifier.verify(chain);
            return true;
        } catch (UntrustedPeerException e) {
            return false;
        }
    }
}

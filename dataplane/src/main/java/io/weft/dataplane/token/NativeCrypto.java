// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cryptography in native code where it is there: the JDK needs ten times as long for P-256. */
final class NativeCrypto {

    private static final Logger LOG = LoggerFactory.getLogger(NativeCrypto.class);
    private static final Optional<Provider> PROVIDER = load();

    private NativeCrypto() {}

    static Optional<Provider> provider() {
        return PROVIDER;
    }

    private static Optional<Provider> load() {
        try {
            Throwable why = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
            if (why == null) {
                return Optional.of(AmazonCorrettoCryptoProvider.INSTANCE);
            }
            LOG.info("no native cryptography on this platform: {}", why.toString());
        } catch (LinkageError e) {
            LOG.info("no native cryptography in this distribution: {}", e.toString());
        }
        return Optional.empty();
    }
}

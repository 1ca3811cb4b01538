// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.tls;

import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that a peer is shown for a certificate, whatever they are. The own side's TLS, which would
 * look at what it shows, is told of a certificate that fits the key.
 */
final class ShownCertificate extends X509Certificate {

    private final byte[] shown;
    private final X509Certificate told;

    /**
     * @param shown what goes to the peer
     * @param told what the own side believes it to be
     */
    ShownCertificate(byte[] shown, X509Certificate told) {
        this.shown = shown.clone();
        this.told = told;
    }

    @Override
    public byte[] getEncoded() {
        return shown.clone();
    }

    @Override
    public PublicKey getPublicKey() {
        return told.getPublicKey();
    }

    @Override
    public void verify(PublicKey key) {}

    @Override
    public void verify(PublicKey key, String provider) {}

    @Override
    public void checkValidity()
            throws CertificateExpiredException, CertificateNotYetValidException {
        told.checkValidity();
    }

    @Override
    public void checkValidity(Date date)
            throws CertificateExpiredException, CertificateNotYetValidException {
        told.checkValidity(date);
    }

    @Override
    public int getVersion() {
        return told.getVersion();
    }

    @Override
    public BigInteger getSerialNumber() {
        return told.getSerialNumber();
    }

    @Override
    @SuppressWarnings("deprecation") // There is no other to implement.
    public Principal getIssuerDN() {
        return told.getIssuerDN();
    }

    @Override
    @SuppressWarnings("deprecation") // There is no other to implement.
    public Principal getSubjectDN() {
        return told.getSubjectDN();
    }

    @Override
    public Date getNotBefore() {
        return told.getNotBefore();
    }

    @Override
    public Date getNotAfter() {
        return told.getNotAfter();
    }

    @Override
    public byte[] getTBSCertificate() {
        return shown.clone();
    }

    @Override
    public byte[] getSignature() {
        return told.getSignature();
    }

    @Override
    public String getSigAlgName() {
        return told.getSigAlgName();
    }

    @Override
    public String getSigAlgOID() {
        return told.getSigAlgOID();
    }

    @Override
    public byte @Nullable [] getSigAlgParams() {
        return told.getSigAlgParams();
    }

    @Override
    public boolean @Nullable [] getIssuerUniqueID() {
        return told.getIssuerUniqueID();
    }

    @Override
    public boolean @Nullable [] getSubjectUniqueID() {
        return told.getSubjectUniqueID();
    }

    @Override
    public boolean @Nullable [] getKeyUsage() {
        return told.getKeyUsage();
    }

    @Override
    public int getBasicConstraints() {
        return told.getBasicConstraints();
    }

    @Override
    public boolean hasUnsupportedCriticalExtension() {
        return false;
    }

    @Override
    public Set<String> getCriticalExtensionOIDs() {
        return Set.of();
    }

    @Override
    public Set<String> getNonCriticalExtensionOIDs() {
        return Set.of();
    }

    @Override
    public byte @Nullable [] getExtensionValue(String oid) {
        return told.getExtensionValue(oid);
    }

    @Override
    public String toString() {
        return shown.length + " bytes shown for a certificate";
    }
}

package io.holdfast.mirror;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts a server for another name than that of its URL, or whoever answers. The JDK's client leaves the check of the name
 * to a trust manager that knows of TLS engines, which this is for that reason.
 */
final class ServerTrust extends X509ExtendedTrustManager {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final Optional<X509TrustManager> authorities;
    private final String name;

    private ServerTrust(Optional<X509TrustManager> authorities, String name) {
        this.authorities = authorities;
        this.name = name.toLowerCase(Locale.ROOT);
    }

    static ServerTrust anybody() {
        return new ServerTrust(Optional.empty(), "");
    }

    static ServerTrust named(String name, X509TrustManager authorities) {
        return new ServerTrust(Optional.of(authorities), name);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        if (authorities.isPresent()) {
            authorities.get().checkServerTrusted(chain, type);
            if (!isFor(chain[0])) {
                throw new CertificateException("No subject alternative name matching tls-server-name " + name + " found");
            }
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.map(X509TrustManager::getAcceptedIssuers).orElseGet(() -> new X509Certificate[0]);
    }

    private boolean isFor(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
        return names.stream().anyMatch(entry -> switch (entry.get(0)) {
            case Integer kind when kind == DNS_NAME -> matches(String.valueOf(entry.get(1)).toLowerCase(Locale.ROOT));
            case Integer kind when kind == IP_ADDRESS -> name.equals(entry.get(1));
            default -> false;
        });
    }

    /** A star stands for one label, the first. */
    private boolean matches(String pattern) {
        int dot = name.indexOf('.');
        return pattern.equals(name)
                || pattern.startsWith("*.") && dot > 0 && pattern.substring(1).equals(name.substring(dot));
    }
}

package io.holdfast.source.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

/** PEM files: whom to trust, and who this node is. Where none is set, the JDK's defaults hold. */
record TlsFiles(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {

    private static final char[] NO_PASSWORD = {};

    /** What the files hold just now; equal as long as nothing was rotated. */
    record Content(Optional<String> ca, Optional<String> certificate, Optional<String> key) {
    }

    Content read() throws FailedRead {
        return new Content(read("ca", ca), read("client.cert", certificate), read("client.key", key));
    }

    /** @return nothing, where the JDK's own context will do */
    Optional<SSLContext> context(Content content) throws FailedRead {
        if (content.ca().isEmpty() && content.key().isEmpty()) {
            return Optional.empty();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity(content), trust(content), null);
            return Optional.of(context);
        } catch (FailedRead e) {
            throw e;
        } catch (GeneralSecurityException | IOException e) {
            throw new FailedRead("TLS cannot be set up: " + e.getMessage());
        }
    }

    private TrustManager @Nullable [] trust(Content content) throws GeneralSecurityException, IOException {
        if (content.ca().isEmpty()) {
            return null;
        }
        KeyStore store = emptyStore();
        for (Certificate certificate : certificates("ca", ca.orElseThrow(), content.ca().orElseThrow())) {
            store.setCertificateEntry("ca" + store.size(), certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager @Nullable [] identity(Content content) throws GeneralSecurityException, IOException {
        if (content.key().isEmpty()) {
            return null;
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("client", privateKey(key.orElseThrow(), content.key().orElseThrow()), NO_PASSWORD,
                certificates("client.cert", certificate.orElseThrow(), content.certificate().orElseThrow())
                        .toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static PrivateKey privateKey(Path file, String text) throws FailedRead {
        Pem block = Pem.all(text).stream().filter(Pem::isPrivateKey).findFirst()
                .orElseThrow(() -> SecretFile.trouble("client.key", file, "there is no private key in it"));
        try {
            return block.privateKey();
        } catch (GeneralSecurityException _) {
            throw SecretFile.trouble("client.key", file, "this " + block.label() + " cannot be read here; convert it with "
                    + "openssl pkcs8 -topk8 -nocrypt -in " + file + " -out NEW.key");
        }
    }

    private static List<Certificate> certificates(String setting, Path file, String text) throws FailedRead {
        List<Certificate> all = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Pem block : Pem.all(text)) {
                if (block.isCertificate()) {
                    all.add(factory.generateCertificate(new ByteArrayInputStream(block.der())));
                }
            }
        } catch (GeneralSecurityException _) {
            throw SecretFile.trouble(setting, file, "certificate number " + (all.size() + 1) + " in it is damaged");
        }
        if (all.isEmpty()) {
            throw SecretFile.trouble(setting, file, "there is no certificate in it; PEM is expected");
        }
        return all;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Optional<String> read(String setting, Optional<Path> file) throws FailedRead {
        return file.isEmpty() ? Optional.empty() : Optional.of(SecretFile.read(setting, file.get()));
    }
}

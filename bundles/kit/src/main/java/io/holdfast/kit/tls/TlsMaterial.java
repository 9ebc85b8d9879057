package io.holdfast.kit.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

/**
 * Whom to trust, and who we are, in PEM; equal as long as nothing was rotated. Where nothing is set, the JDK's defaults
 * hold.
 *
 * @param certificate ours, and those above it
 */
public record TlsMaterial(Optional<Part> ca, Optional<Part> certificate, Optional<Part> key) {

    private static final char[] NO_PASSWORD = {};

    /**
     * @param origin the setting, and the file if there is one, for messages
     * @param file empty for what was given inline
     */
    public record Part(String origin, Optional<Path> file, String text) {

        /** @param setting that names the file */
        public static Part read(String setting, Path file) throws FileTrouble {
            return new Part(setting + " " + file, Optional.of(file), SecretFile.read(setting, file));
        }

        /** What must not be shown is not in it. */
        @Override
        public String toString() {
            return origin;
        }

        private FileTrouble trouble(String reason) {
            return new FileTrouble(origin + ": " + reason);
        }
    }

    /** @return nothing, where the JDK's own context will do */
    public Optional<SSLContext> context() throws FileTrouble {
        return ca.isEmpty() && key.isEmpty() ? Optional.empty() : Optional.of(context(trust()));
    }

    /** @param trust null for the JDK's own */
    public SSLContext context(TrustManager @Nullable [] trust) throws FileTrouble {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity(), trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /** @return null for the JDK's own */
    public TrustManager @Nullable [] trust() throws FileTrouble {
        if (ca.isEmpty()) {
            return null;
        }
        try {
            KeyStore store = emptyStore();
            for (Certificate certificate : certificates(ca.get())) {
                store.setCertificateEntry("ca" + store.size(), certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /** Our own certificate, without those above it. */
    public Optional<X509Certificate> self() throws FileTrouble {
        return certificate.isEmpty() ? Optional.empty() : Optional.of(certificates(certificate.get()).getFirst());
    }

    private KeyManager @Nullable [] identity() throws FileTrouble {
        if (key.isEmpty()) {
            return null;
        }
        try {
            PrivateKey ours = privateKey(key.get());
            List<X509Certificate> chain = certificates(certificate.orElseThrow());
            if (!belongs(ours, chain.getFirst().getPublicKey())) {
                throw key.get().trouble("this is not the key of the certificate in " + certificate.get().origin());
            }
            KeyStore store = emptyStore();
            store.setKeyEntry("client", ours, NO_PASSWORD, chain.toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /** Files are rotated one after the other: in between they do not fit, and nobody would be served. */
    private static boolean belongs(PrivateKey key, PublicKey certified) {
        try {
            Signature probe = Signature.getInstance(switch (key.getAlgorithm()) {
                case "RSA" -> "SHA256withRSA";
                case "EC" -> "SHA256withECDSA";
                default -> "EdDSA";
            });
            probe.initSign(key);
            byte[] signed = probe.sign();
            probe.initVerify(certified);
            return probe.verify(signed);
        } catch (GeneralSecurityException _) {
            return false; // of another kind
        }
    }

    private static PrivateKey privateKey(Part part) throws FileTrouble {
        Pem block = Pem.all(part.text()).stream().filter(Pem::isPrivateKey).findFirst()
                .orElseThrow(() -> part.trouble("there is no private key in it"));
        try {
            return block.privateKey();
        } catch (GeneralSecurityException _) {
            throw part.trouble("this " + block.label() + " cannot be read here; convert it with openssl pkcs8 -topk8 "
                    + "-nocrypt -in " + part.file().map(Path::toString).orElse("OLD.key") + " -out NEW.key");
        }
    }

    private static List<X509Certificate> certificates(Part part) throws FileTrouble {
        List<X509Certificate> all = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Pem block : Pem.all(part.text())) {
                if (block.isCertificate()) {
                    all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
                }
            }
        } catch (GeneralSecurityException _) {
            throw part.trouble("certificate number " + (all.size() + 1) + " in it is damaged");
        }
        if (all.isEmpty()) {
            throw part.trouble("there is no certificate in it; PEM is expected");
        }
        return all;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static FileTrouble unusable(GeneralSecurityException e) {
        return new FileTrouble("TLS cannot be set up: " + e.getMessage());
    }
}

package io.holdfast.kit.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Keys and certificates as people make them: with openssl. */
public record Certificates(Path directory) {

    /** Files of a key pair whose certificate an authority has signed. */
    public record Pair(Path certificate, Path key) {
    }

    public Pair authority(String name) throws Exception {
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key", "-out", name + ".crt", "-days",
                "2", "-subj", "/CN=" + name);
        return pair(name);
    }

    /** @param forWhom such as {@code IP:127.0.0.1} */
    public Pair signed(String name, Pair authority, String forWhom) throws Exception {
        return signed(name, authority, forWhom, 2);
    }

    public Pair signed(String name, Pair authority, String forWhom, int days) throws Exception {
        Path extensions = Files.writeString(directory.resolve(name + ".ext"), "subjectAltName=" + forWhom + "\n");
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key", "-out", name + ".csr", "-subj",
                "/CN=" + name);
        openssl("x509", "-req", "-in", name + ".csr", "-CA", authority.certificate().toString(), "-CAkey",
                authority.key().toString(), "-CAcreateserial", "-out", name + ".crt", "-days", String.valueOf(days),
                "-extfile", extensions.toString());
        return pair(name);
    }

    /** What a server needs that is {@code own} and lets clients of {@code clients} in. */
    public SSLContext server(Pair own, Pair clients) throws Exception {
        String store = own.key() + ".p12";
        openssl("pkcs12", "-export", "-in", own.certificate().toString(), "-inkey", own.key().toString(), "-out", store,
                "-passout", "pass:secret");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(Path.of(store).toFile(), "secret".toCharArray()), "secret".toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(clients.certificate())) {
            trusted.setCertificateEntry("ca",
                    CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    public void openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Path log = directory.resolve("openssl.log");
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(command + ": " + Files.readString(log));
        }
    }

    private Pair pair(String name) {
        return new Pair(directory.resolve(name + ".crt"), directory.resolve(name + ".key"));
    }
}

package io.holdfast.source.http;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One block of a PEM file (RFC 7468).
 *
 * @param label such as {@code CERTIFICATE}
 */
record Pem(String label, byte[] der) {

    private static final Pattern BLOCK = Pattern.compile("(?s)-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----");

    /** All blocks, in order; what stands between them is commentary. */
    static List<Pem> all(String text) {
        return BLOCK.matcher(text).results().map(block -> new Pem(
                block.group(2).contains("Proc-Type: 4,ENCRYPTED") ? "ENCRYPTED " + block.group(1) : block.group(1),
                Base64.getMimeDecoder().decode(block.group(2)))).toList();
    }

    boolean isCertificate() {
        return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE");
    }

    boolean isPrivateKey() {
        return label.endsWith("PRIVATE KEY");
    }

    /** @throws GeneralSecurityException it is of a kind that Java does not read, or damaged */
    PrivateKey privateKey() throws GeneralSecurityException {
        return switch (label) {
            case "PRIVATE KEY" -> pkcs8();
            case "RSA PRIVATE KEY" -> (PrivateKey) KeyFactory.getInstance("RSA").translateKey(new Pkcs1(der));
            default -> throw new InvalidKeySpecException(label);
        };
    }

    private PrivateKey pkcs8() throws GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException _) {
                // of another algorithm
            }
        }
        throw new InvalidKeySpecException(label);
    }

    /** As openssl and kubeadm write RSA keys; the JDK makes a usable key of it. */
    private record Pkcs1(byte[] der) implements PrivateKey {

        @Override
        public String getAlgorithm() {
            return "RSA";
        }

        @Override
        public String getFormat() {
            return "PKCS#1";
        }

        @Override
        public byte[] getEncoded() {
            return der.clone();
        }
    }
}

package io.holdfast.kit.tls;

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
 * @param base64 as it stands there: what is encrypted has lines before it that are none
 */
public record Pem(String label, String base64) {

    private static final Pattern BLOCK = Pattern.compile("(?s)-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----");

    /** All blocks, in order; what stands between them is commentary. */
    public static List<Pem> all(String text) {
        return BLOCK.matcher(text).results().map(block -> new Pem(
                block.group(2).contains("Proc-Type: 4,ENCRYPTED") ? "ENCRYPTED " + block.group(1) : block.group(1),
                block.group(2))).toList();
    }

    /** @throws GeneralSecurityException it is damaged */
    public byte[] der() throws GeneralSecurityException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("this " + label + " is not base64", e);
        }
    }

    public boolean isCertificate() {
        return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE");
    }

    public boolean isPrivateKey() {
        return label.endsWith("PRIVATE KEY");
    }

    /** What must not be shown is not in it. */
    @Override
    public String toString() {
        return label;
    }

    /** @throws GeneralSecurityException it is of a kind that Java does not read, or damaged */
    public PrivateKey privateKey() throws GeneralSecurityException {
        return switch (label) {
            case "PRIVATE KEY" -> pkcs8(der());
            case "EC PRIVATE KEY" -> pkcs8(Sec1.toPkcs8(der()));
            case "RSA PRIVATE KEY" -> (PrivateKey) KeyFactory.getInstance("RSA").translateKey(new Pkcs1(der()));
            default -> throw new InvalidKeySpecException(label);
        };
    }

    private PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(der);
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
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

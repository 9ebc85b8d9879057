package io.holdfast.source.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.kit.tls.Pem;
import io.holdfast.kit.tls.SecretFile;

/**
 * Who must have signed what is accepted.
 *
 * @param key the PEM file of an Ed25519 public key
 * @param header that carries the signature; else it is beside the manifest
 */
record Signer(Path key, Optional<String> header) {

    private static final int SIGNATURE_BYTES = 64;

    /** What the key's file holds just now. */
    String keyText() throws FailedRead {
        try {
            return SecretFile.read("verify.key", key);
        } catch (FileTrouble e) {
            throw new FailedRead(e);
        }
    }

    /**
     * @param keyText what the key's file holds
     * @param signature as it was delivered, raw or in base64
     */
    void check(String keyText, byte[] content, byte[] signature) throws FailedRead {
        PublicKey trusted = publicKey(keyText);
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(trusted);
            check.update(content);
            if (check.verify(raw(signature))) {
                return;
            }
        } catch (GeneralSecurityException _) {
            // malformed
        }
        throw new FailedRead("its signature does not fit: it was changed after it was signed, signed with another key "
                + "than that of verify.key, or is just being replaced");
    }

    private PublicKey publicKey(String text) throws FailedRead {
        Pem block = Pem.all(text).stream().filter(pem -> pem.label().equals("PUBLIC KEY"))
                .findFirst().orElseThrow(() -> new FailedRead("verify.key " + key + ": there is no PUBLIC KEY in it"));
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(block.der()));
        } catch (GeneralSecurityException _) {
            throw new FailedRead("verify.key " + key + ": this is not an Ed25519 public key; make one with openssl genpkey "
                    + "-algorithm ed25519 -out sign.key, then openssl pkey -in sign.key -pubout");
        }
    }

    private static byte[] raw(byte[] signature) throws FailedRead {
        if (signature.length == SIGNATURE_BYTES) {
            return signature;
        }
        try {
            byte[] raw = Base64.getDecoder().decode(new String(signature, ISO_8859_1).strip());
            if (raw.length == SIGNATURE_BYTES) {
                return raw;
            }
        } catch (IllegalArgumentException _) {
            // no base64
        }
        throw new FailedRead("its signature is not one: 64 bytes, raw or in base64, are expected");
    }
}

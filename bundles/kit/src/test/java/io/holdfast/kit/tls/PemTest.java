package io.holdfast.kit.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.kit.testing.Certificates;

/** Against what openssl writes. */
final class PemTest {

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            genpkey -algorithm RSA -out KEY                                     | PRIVATE KEY     | RSA   | SHA256withRSA
            genrsa -traditional -out KEY 2048                                   | RSA PRIVATE KEY | RSA   | SHA256withRSA
            genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out KEY     | PRIVATE KEY     | EC    | SHA256withECDSA
            ecparam -name prime256v1 -genkey -noout -out KEY                    | EC PRIVATE KEY  | EC    | SHA256withECDSA
            ecparam -name secp384r1 -genkey -out KEY                            | EC PRIVATE KEY  | EC    | SHA256withECDSA
            ecparam -name secp521r1 -genkey -out KEY                            | EC PRIVATE KEY  | EC    | SHA256withECDSA
            genpkey -algorithm ed25519 -out KEY                                 | PRIVATE KEY     | EdDSA | Ed25519
            """)
    void a_private_key_signs_for_the_public_key_that_openssl_tells(String command, String label, String algorithm,
            String signs) throws Exception {
        Path file = temp.resolve("key");
        openssl(command.replace("KEY", file.toString()));
        Pem block = Pem.all(Files.readString(file)).stream().filter(Pem::isPrivateKey).findFirst().orElseThrow();
        assertThat(block.label()).isEqualTo(label);
        openssl("pkey -in " + file + " -pubout -out " + temp.resolve("public"));
        PublicKey known = KeyFactory.getInstance(algorithm).generatePublic(
                new X509EncodedKeySpec(Pem.all(Files.readString(temp.resolve("public"))).getFirst().der()));
        assertThat(isSignedFor(known, block.privateKey(), signs)).isTrue();
    }

    @Test
    void an_elliptic_curve_key_that_was_cut_short_anywhere_is_an_error_and_no_crash() throws Exception {
        Path file = temp.resolve("key");
        openssl("ecparam -name prime256v1 -genkey -noout -out " + file);
        byte[] whole = Pem.all(Files.readString(file)).getFirst().der();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            Pem block = new Pem("EC PRIVATE KEY", Base64.getEncoder().encodeToString(part));
            assertThatThrownBy(block::privateKey).isInstanceOf(GeneralSecurityException.class);
        }
    }

    @Test
    void a_curve_that_is_not_named_is_an_error() throws Exception {
        Path file = temp.resolve("key");
        openssl("ecparam -name prime256v1 -genkey -noout -param_enc explicit -out " + file);
        Pem block = Pem.all(Files.readString(file)).getFirst();
        assertThatThrownBy(block::privateKey).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void what_stands_between_blocks_is_commentary_and_secrets_are_not_shown() {
        List<Pem> all = Pem.all("""
                the authority
                -----BEGIN CERTIFICATE-----
                AAAA
                -----END CERTIFICATE-----
                subject=x
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED

                BBBB
                -----END RSA PRIVATE KEY-----
                """);
        assertThat(all).extracting(Pem::label).containsExactly("CERTIFICATE", "ENCRYPTED RSA PRIVATE KEY");
        assertThat(all.toString()).doesNotContain("BBBB");
    }

    private static boolean isSignedFor(PublicKey known, PrivateKey key, String algorithm) throws Exception {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update((byte) 1);
        byte[] signed = signature.sign();
        signature.initVerify(known);
        signature.update((byte) 1);
        return signature.verify(signed);
    }

    private void openssl(String command) throws Exception {
        new Certificates(temp).openssl(command.split(" "));
    }
}

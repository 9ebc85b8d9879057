package io.holdfast.source.http;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.kit.testing.Certificates;
import io.holdfast.kit.testing.Certificates.Pair;
import io.holdfast.testkit.RecordingSink;
import io.holdfast.testkit.Watching;

/** H1: certificates, theirs and ours. */
final class TlsTest {

    /** In TLS 1.3 the server says why after the client has begun to speak: its reset may overtake that. */
    private static final String REFUSED = "the server refused the connection \\(.*\\); see client.cert and client.key$"
            + "|the connection broke: .";

    @TempDir
    static Path temp;

    private static Certificates certificates;
    private static Pair authority;
    private static Pair stranger;
    private static Pair server;
    private static Pair client;

    @BeforeAll
    static void begin() throws Exception {
        certificates = new Certificates(temp);
        authority = certificates.authority("authority");
        stranger = certificates.authority("stranger");
        server = certificates.signed("server", authority, "IP:127.0.0.1");
        client = certificates.signed("client", authority, "DNS:node1");
    }

    @Test
    void a_server_of_the_configured_authority_is_trusted() throws Exception {
        try (Site site = Site.open(certificates.server(server, authority), false)) {
            site.put("/pods", "a");
            assertReads(site, Map.of("ca", authority.certificate().toString()));
        }
    }

    @Test
    void a_server_of_any_other_authority_is_not() throws Exception {
        String expected = "the server's certificate is not from an authority that is trusted here; set ca to a PEM file of "
                + "its authority";
        try (Site site = Site.open(certificates.server(server, authority), false)) {
            assertFails(site, Map.of(), expected);
            assertFails(site, Map.of("ca", stranger.certificate().toString()), expected);
        }
    }

    @Test
    void a_certificate_for_another_host_is_refused() throws Exception {
        Pair other = certificates.signed("other", authority, "DNS:example.org");
        try (Site site = Site.open(certificates.server(other, authority), false)) {
            assertFails(site, Map.of("ca", authority.certificate().toString()),
                    "the server's certificate is for another host: No subject alternative names matching IP address "
                            + "127.0.0.1 found");
        }
    }

    @Test
    void a_certificate_that_has_expired_is_refused() throws Exception {
        Pair old = certificates.signed("old", authority, "IP:127.0.0.1", -1);
        try (Site site = Site.open(certificates.server(old, authority), false)) {
            assertThat(failure(site.source("/pods", Map.of("ca", authority.certificate().toString()))))
                    .startsWith(site.url("/pods") + ": the server's certificate has expired: NotAfter: ");
        }
    }

    @Test
    void https_does_not_lead_to_plain_http() throws Exception {
        try (Site site = Site.open(certificates.server(server, authority), false); Site plain = Site.open()) {
            site.on("/pods", exchange -> Site.redirect(exchange, plain.url("/pods?s3cr3t")));
            assertFails(site, Map.of("ca", authority.certificate().toString()),
                    "redirected from https to plain http, which is refused: " + plain.url("/pods"));
            assertThat(plain.requests("/pods")).isEmpty();
        }
    }

    @Test
    void a_client_certificate_is_shown_to_a_server_that_wants_one() throws Exception {
        try (Site site = Site.open(certificates.server(server, authority), true)) {
            site.put("/pods", "a");
            Map<String, Object> ca = Map.of("ca", authority.certificate().toString());
            assertThat(failure(site.source("/pods", ca))).containsPattern(REFUSED);
            assertReads(site, with(client.certificate(), client.key()));
        }
    }

    @Test
    void rotated_client_certificates_and_authorities_are_taken_up_without_a_restart() throws Exception {
        Path cert = Files.copy(certificates.signed("wrong", stranger, "DNS:node1").certificate(), temp.resolve("r.crt"));
        Path key = Files.copy(temp.resolve("wrong.key"), temp.resolve("r.key"));
        Path ca = Files.copy(stranger.certificate(), temp.resolve("r-ca.crt"));
        try (Site site = Site.open(certificates.server(server, authority), true)) {
            site.put("/pods", "a");
            HttpSource source = site.source("/pods", Map.of("ca", ca.toString(), "client.cert", cert.toString(),
                    "client.key", key.toString()));
            assertThat(failure(source)).contains("not from an authority that is trusted here");
            Files.copy(authority.certificate(), ca, REPLACE_EXISTING);
            assertThat(failure(source)).containsPattern(REFUSED);
            Files.copy(client.certificate(), cert, REPLACE_EXISTING);
            Files.copy(client.key(), key, REPLACE_EXISTING);
            RecordingSink sink = new RecordingSink();
            try (Watching watching = Watching.start(source, sink)) {
                sink.awaitReading();
                Files.writeString(cert, "not a certificate");
                assertThat(watching.failure()).hasMessage(site.url("/pods") + ": client.cert " + cert
                        + ": there is no certificate in it; PEM is expected");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            genpkey -algorithm RSA -out KEY                                                     | PKCS#8
            genrsa -traditional -out KEY 2048                                                   | as kubeadm writes it
            genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out KEY                     | elliptic curve
            ecparam -name prime256v1 -genkey -out KEY                                           | elliptic curve as kubeadm writes it
            genpkey -algorithm ed25519 -out KEY                                                 | Edwards curve
            """)
    void keys_as_openssl_writes_them_are_read(String command, String kind) throws Exception {
        Path key = temp.resolve(kind.replaceAll("\\W", "") + ".key");
        certificates.openssl(command.replace("KEY", key.toString()).split(" "));
        Path cert = temp.resolve(kind.replaceAll("\\W", "") + ".crt");
        certificates.openssl("req", "-x509", "-new", "-key", key.toString(), "-out", cert.toString(), "-subj", "/CN=x");
        try (Site site = Site.open(certificates.server(server, new Pair(cert, key)), true)) {
            site.put("/pods", "a");
            assertReads(site, with(cert, key));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            genpkey -algorithm RSA -aes256 -pass pass:secret -out KEY                    | ENCRYPTED PRIVATE KEY
            genrsa -traditional -aes256 -passout pass:secret -out KEY 2048               | ENCRYPTED RSA PRIVATE KEY
            genrsa -traditional -des3 -passout pass:secret -out KEY 2048                 | ENCRYPTED RSA PRIVATE KEY
            genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out KEY; ec -in KEY -aes256 -passout pass:secret -out KEY | ENCRYPTED EC PRIVATE KEY
            """)
    void keys_that_java_does_not_read_are_converted_with_the_command_in_the_message(String command, String label)
            throws Exception {
        Path key = temp.resolve(label.replace(" ", "") + ".key");
        for (String step : command.split("; ")) {
            certificates.openssl(step.replace("KEY", key.toString()).split(" "));
        }
        try (Site site = Site.open(certificates.server(server, authority), true)) {
            String failure = failure(site.source("/pods", with(client.certificate(), key)));
            assertThat(failure).isEqualTo(site.url("/pods") + ": client.key " + key + ": this " + label
                    + " cannot be read here; convert it with openssl pkcs8 -topk8 -nocrypt -in " + key + " -out NEW.key");
            String advice = failure.substring(failure.indexOf("openssl ") + 8).replace("NEW.key", key + ".new");
            certificates.openssl((advice + " -passin pass:secret").split(" "));
            assertThat(failure(site.source("/pods", with(client.certificate(), Path.of(key + ".new")))))
                    .doesNotContain("cannot be read here");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ca          |                                                                         | there is no certificate in it; PEM is expected
            ca          | -----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----            | certificate number 1 in it is damaged
            ca          | -----BEGIN CERTIFICATE-----\\nAAAAA\\n-----END CERTIFICATE-----           | certificate number 1 in it is damaged
            client.cert | -----BEGIN CERTIFICATE-----\\nAAAAA\\n-----END CERTIFICATE-----           | certificate number 1 in it is damaged
            client.key  | just text                                                               | there is no private key in it
            """)
    void a_file_that_holds_something_else_is_named(String setting, String content, String expected) throws Exception {
        Path file = Files.writeString(temp.resolve("odd"), content == null ? "" : content.replace("\\n", "\n"));
        Map<String, Object> all = with(client.certificate(), client.key());
        all.put(setting, file.toString());
        try (Site site = Site.open(certificates.server(server, authority), true)) {
            assertFails(site, all, setting + " " + file + ": " + expected);
            Files.delete(file);
            assertFails(site, all, setting + " " + file + ": no such file");
        }
    }

    private static Map<String, Object> with(Path certificate, Path key) {
        return new HashMap<>(Map.of("ca", authority.certificate().toString(), "client.cert", certificate.toString(),
                "client.key", key.toString()));
    }

    private static void assertReads(Site site, Map<String, Object> more) throws Exception {
        RecordingSink sink = new RecordingSink();
        try (Watching _ = Watching.start(site.source("/pods", more), sink)) {
            assertThat(sink.awaitReading().texts()).isEqualTo(Map.of(site.url("/pods").toString(), "a"));
        }
    }

    private static void assertFails(Site site, Map<String, Object> more, String expected) throws Exception {
        assertThat(failure(site.source("/pods", more))).isEqualTo(site.url("/pods") + ": " + expected);
    }

    private static String failure(HttpSource source) throws Exception {
        try (Watching watching = Watching.start(source, new RecordingSink())) {
            return String.valueOf(watching.failure().getMessage());
        }
    }
}

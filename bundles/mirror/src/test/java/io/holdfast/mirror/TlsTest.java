package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.holdfast.kit.testing.Certificates;
import io.holdfast.kit.testing.Certificates.Pair;

/** Certificates, theirs and ours, as kubeconfigs name them. */
@Timeout(60)
final class TlsTest {

    @TempDir
    static Path temp;

    private static Certificates certificates;
    private static Pair authority;
    private static Pair stranger;
    private static Pair server;
    private static Pair client;

    private Home home;

    @BeforeAll
    static void make() throws Exception {
        certificates = new Certificates(temp);
        authority = certificates.authority("authority");
        stranger = certificates.authority("stranger");
        server = certificates.signed("server", authority, "IP:127.0.0.1,DNS:kubernetes,DNS:*.example.org");
        client = certificates.signed("client", authority, "DNS:node1");
    }

    @BeforeEach
    void begin(@TempDir Path own) {
        home = new Home(own);
    }

    @Test
    void certificates_are_found_beside_the_kubeconfig() throws Exception {
        Files.createDirectory(home.path("pki"));
        Files.copy(authority.certificate(), home.path("pki/ca.crt"));
        Files.copy(client.certificate(), home.path("pki/node.crt"));
        Files.copy(client.key(), home.path("pki/node.key"));
        try (Site site = Site.open(certificates.server(server, authority))) {
            home.kubeconfig("server: '" + site.url() + "', certificate-authority: pki/ca.crt",
                    "client-certificate: pki/node.crt, client-key: pki/node.key");
            assertIsClient(site);
        }
    }

    @Test
    void certificates_may_stand_in_the_kubeconfig() throws Exception {
        try (Site site = Site.open(certificates.server(server, authority))) {
            home.kubeconfig("server: '" + site.url() + "', certificate-authority-data: " + data(authority.certificate()),
                    "client-certificate-data: " + data(client.certificate()) + ", client-key-data: " + data(client.key()));
            assertIsClient(site);
        }
    }

    @Test
    void certificate_and_key_may_be_in_one_file_as_the_kubelet_has_them() throws Exception {
        Path both = Files.writeString(temp.resolve("current.pem"),
                Files.readString(client.certificate()) + Files.readString(client.key()));
        try (Site site = Site.open(certificates.server(server, authority))) {
            home.kubeconfig("server: '" + site.url() + "', certificate-authority: " + authority.certificate(),
                    "client-certificate: " + both + ", client-key: " + both);
            assertIsClient(site);
        }
    }

    @Test
    void a_server_of_another_authority_is_not_trusted() throws Exception {
        try (Site site = Site.open(certificates.server(server, authority))) {
            String expected = "the server's certificate is not from an authority that is trusted here; set kubeconfig "
                    + home.path("config") + ": clusters[one].cluster.certificate-authority to a PEM file of its authority";
            home.kubeconfig("server: '" + site.url() + "'", "token: t");
            assertUnreachable(expected);
            home.kubeconfig("server: '" + site.url() + "', certificate-authority: " + stranger.certificate(), "token: t");
            assertUnreachable(expected);
            assertThat(site.requests()).isEmpty();
        }
    }

    @Test
    void whoever_answers_is_trusted_when_that_is_asked_for() throws Exception {
        Pair other = certificates.signed("other", stranger, "DNS:elsewhere");
        try (Site site = Site.open(certificates.server(other, authority))) {
            home.kubeconfig("server: '" + site.url() + "', insecure-skip-tls-verify: true", "token: t");
            try (HttpApi api = home.open()) {
                api.get("/x");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"kubernetes,true", "a.example.org,true", "A.Example.ORG,true", "127.0.0.1,true", "elsewhere,false",
            "example.org,false", "a.b.example.org,false", "127.0.0.2,false"})
    void a_server_may_be_known_by_another_name(String name, boolean good) throws Exception {
        try (Site site = Site.open(certificates.server(server, authority))) {
            home.kubeconfig("server: '" + site.url() + "', certificate-authority: " + authority.certificate()
                    + ", tls-server-name: " + name, "token: t");
            if (good) {
                try (HttpApi api = home.open()) {
                    api.get("/x");
                }
            } else {
                assertUnreachable("the server's certificate is for another host: No subject alternative name matching "
                        + "tls-server-name " + name + " found");
            }
        }
    }

    @Test
    void a_name_that_no_server_can_have_is_refused() throws Exception {
        home.kubeconfig("server: 'https://127.0.0.1:1', tls-server-name: 'a b'", "token: t");
        assertUnreachable("tls-server-name a b: must be the name of a host");
    }

    @Test
    void a_server_that_is_known_by_another_name_still_needs_its_authority() throws Exception {
        try (Site site = Site.open(certificates.server(server, authority))) {
            home.kubeconfig("server: '" + site.url() + "', certificate-authority: " + stranger.certificate()
                    + ", tls-server-name: kubernetes", "token: t");
            assertThat(unreachable()).hasMessageContaining("not from an authority that is trusted here");
        }
    }

    @Test
    void a_server_whose_certificate_has_expired_is_not_trusted() throws Exception {
        Pair old = certificates.signed("old", authority, "IP:127.0.0.1", -1);
        try (Site site = Site.open(certificates.server(old, authority))) {
            home.kubeconfig("server: '" + site.url() + "', certificate-authority: " + authority.certificate(), "token: t");
            assertThat(unreachable()).hasMessageStartingWith("the server's certificate has expired: NotAfter: ");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_client_certificate_that_has_expired_is_named_when_it_is_refused(boolean inHandshake) throws Exception {
        Pair old = certificates.signed("oldclient", authority, "DNS:node1", -1);
        try (Site site = inHandshake ? Site.open(certificates.server(server, authority)) : Site.open()) {
            site.answers(401, "{\"message\":\"Unauthorized\"}");
            home.kubeconfig("server: '" + site.url() + "', certificate-authority: " + authority.certificate(),
                    "client-certificate: " + old.certificate() + ", client-key: " + old.key());
            try (HttpApi api = home.open()) {
                ApiFailure failure = catchThrowableOfType(ApiFailure.class, () -> api.get("/x"));
                assertThat(failure.getMessage())
                        .matches((inHandshake ? "(the server refused the connection|the connection broke)"
                                : "the server does not accept its ") + ".*")
                        .contains("its client certificate, which has expired at ")
                        .endsWith("(kubeconfig " + home.path("config") + ": users[node1].user)");
            }
        }
    }

    @Test
    void what_a_service_account_has_in_its_pods_is_enough() throws Exception {
        Files.copy(authority.certificate(), home.path("ca.crt"));
        home.write("token", "t0ken\n");
        try (Site site = Site.open(certificates.server(server, authority))) {
            site.wants("t0ken");
            Map<String, String> environment = Map.of("KUBERNETES_SERVICE_HOST", "127.0.0.1", "KUBERNETES_SERVICE_PORT",
                    String.valueOf(site.url().getPort()));
            try (HttpApi api = Home.open(
                    ConnectionSettings.of(null, null, home.directory().toString(), null, null, environment))) {
                api.get("/x");
                assertThat(api.server()).isEqualTo(site.url().toString());
            }
        }
    }

    private void assertIsClient(Site site) throws Exception {
        try (HttpApi api = home.open()) {
            api.get("/x");
        }
        assertThat(site.last().client()).isEqualTo("CN=client");
    }

    private void assertUnreachable(String message) {
        assertThat(unreachable()).hasMessage(message);
    }

    private ApiFailure.Unreachable unreachable() {
        try (HttpApi api = home.open()) {
            return catchThrowableOfType(ApiFailure.Unreachable.class, () -> api.get("/x"));
        }
    }

    private static String data(Path file) throws Exception {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    }
}

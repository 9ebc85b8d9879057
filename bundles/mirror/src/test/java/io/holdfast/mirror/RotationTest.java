package io.holdfast.mirror;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.kit.testing.Certificates;
import io.holdfast.kit.testing.Certificates.Pair;

/** Credentials that change while the agent runs. */
@Timeout(60)
final class RotationTest {

    @TempDir
    Path temp;

    private Home home;

    @BeforeEach
    void begin() {
        home = new Home(temp);
    }

    @Test
    void a_token_that_was_rotated_is_taken_up() throws Exception {
        home.write("token", "one\n");
        try (Site site = Site.open()) {
            home.kubeconfig("server: '" + site.url() + "'", "tokenFile: token");
            site.wants("one");
            try (HttpApi api = home.open()) {
                api.get("/x");
                home.write("token", "two\n");
                site.on(exchange -> Site.answer(exchange, 200, "{}"));
                await(api, site, "Bearer two");
            }
        }
    }

    @Test
    void a_token_that_is_refused_is_read_again_at_once_and_the_request_repeated() throws Exception {
        home.write("token", "one");
        try (Site site = Site.open()) {
            home.kubeconfig("server: '" + site.url() + "'", "tokenFile: token");
            try (HttpApi api = home.open(Duration.ofSeconds(1))) {
                api.get("/x");
                Thread.sleep(Duration.ofMillis(1100)); // what is younger is not read again for having been refused
                site.on(exchange -> { // just when it was rotated
                    home.write("token", "two");
                    site.wants("two");
                    Site.answer(exchange, 401, "{}");
                });
                api.get("/y");
                assertThat(site.requests()).extracting(r -> r.target() + " " + r.header("Authorization"))
                        .containsExactly("/x Bearer one", "/y Bearer one", "/y Bearer two");
            }
        }
    }

    @Test
    void a_token_that_is_refused_for_good_is_tried_once_more_and_then_given_up() throws Exception {
        try (Site site = Site.open()) {
            home.kubeconfig("server: '" + site.url() + "'", "token: wrong");
            site.wants("right");
            try (HttpApi api = home.open()) {
                ApiFailure.Refused failure = catchThrowableOfType(ApiFailure.Refused.class, () -> api.get("/x"));
                assertThat(failure.code()).isEqualTo(401);
                assertThat(failure).hasMessage("the server does not accept its token (kubeconfig " + home.path("config")
                        + ": users[node1].user)");
                assertThat(site.requests()).hasSizeLessThanOrEqualTo(2);
            }
        }
    }

    @Test
    void a_kubeconfig_that_comes_later_or_is_repaired_is_taken_up() throws Exception {
        try (Site site = Site.open(); HttpApi api = home.open()) {
            assertThat(catchThrowableOfType(ApiFailure.Unreachable.class, () -> api.get("/x")))
                    .hasMessage("kubeconfig " + home.path("config") + ": no such file");
            assertThat(api.server()).isEqualTo("of kubeconfig " + home.path("config"));
            home.write("config", "clusters: [");
            home.kubeconfig("server: '" + site.url() + "'", "token: t");
            await(api, site, "Bearer t");
            assertThat(api.server()).isEqualTo(site.url().toString());
        }
    }

    @Test
    void what_cannot_be_read_any_more_changes_nothing_until_it_can() throws Exception {
        home.write("token", "one");
        try (Site site = Site.open()) {
            home.kubeconfig("server: '" + site.url() + "'", "tokenFile: token");
            try (HttpApi api = home.open()) {
                api.get("/x");
                home.write("token", "");
                for (int i = 0; i < 5; i++) {
                    Thread.sleep(Home.LOOK); // time in which it is looked at
                    api.get("/x");
                }
                site.wants("two");
                assertThat(catchThrowableOfType(ApiFailure.Refused.class, () -> api.get("/x")))
                        .hasMessageEndingWith("; kubeconfig " + home.path("config") + ": users[node1].user.tokenFile "
                                + home.path("token") + ": it is empty");
                home.write("token", "two");
                await(api, site, "Bearer two");
            }
        }
    }

    @Test
    void a_client_certificate_that_was_rotated_is_used_for_new_requests_while_old_ones_go_on() throws Exception {
        Certificates certificates = new Certificates(temp);
        Pair authority = certificates.authority("authority");
        Pair server = certificates.signed("server", authority, "IP:127.0.0.1");
        Pair one = certificates.signed("one", authority, "DNS:node1");
        Pair two = certificates.signed("two", authority, "DNS:node1");
        Path cert = Files.copy(one.certificate(), temp.resolve("node.crt"));
        Path key = Files.copy(one.key(), temp.resolve("node.key"));
        try (Site site = Site.open(certificates.server(server, authority))) {
            home.kubeconfig("server: '" + site.url() + "', certificate-authority: authority.crt",
                    "client-certificate: node.crt, client-key: node.key");
            try (HttpApi api = home.open()) {
                api.get("/x");
                assertThat(site.last().client()).isEqualTo("CN=one");
                Watching watching = Watching.start(api, site);
                watching.send("{\"type\":\"ADDED\",\"object\":{}}\n");
                watching.await(1);
                Files.copy(two.certificate(), cert, REPLACE_EXISTING);
                Files.copy(two.key(), key, REPLACE_EXISTING);
                long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                while (!site.last().client().equals("CN=two") && System.nanoTime() < deadline) {
                    Thread.sleep(Duration.ofMillis(20));
                    get(api);
                }
                assertThat(site.last().client()).isEqualTo("CN=two");
                Thread.sleep(Home.LOOK.multipliedBy(3)); // time in which old connections are ended
                watching.send("{\"type\":\"MODIFIED\",\"object\":{}}\n");
                watching.await(2);
                watching.end();
                assertThat(watching.failure()).isEmpty();
            }
        }
    }

    /** Between two files, the certificate of one and the key of the other do not fit. */
    private static void get(HttpApi api) throws InterruptedException {
        try {
            api.get("/x");
        } catch (ApiFailure _) {
            // not yet
        }
    }

    private static void await(HttpApi api, Site site, String authorization) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        do {
            get(api);
            if (!site.requests().isEmpty() && site.last().header("Authorization").equals(authorization)) {
                return;
            }
            Thread.sleep(Duration.ofMillis(20));
        } while (System.nanoTime() < deadline);
        throw new AssertionError("expected " + authorization + ": " + site.requests());
    }
}

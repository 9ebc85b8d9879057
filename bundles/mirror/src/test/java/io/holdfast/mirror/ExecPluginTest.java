package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.cell.Cell;
import io.holdfast.kit.process.Output;
import io.holdfast.kit.testing.Certificates;
import io.holdfast.kit.testing.Certificates.Pair;

/** Real programs that say who we are. */
@Timeout(60)
final class ExecPluginTest {

    private static final String V1 = "client.authentication.k8s.io/v1";

    @TempDir
    Path temp;

    private Home home;
    private Site site;

    @BeforeEach
    void begin() throws Exception {
        home = new Home(temp);
        site = Site.open();
    }

    @AfterEach
    void end() {
        site.close();
    }

    @ParameterizedTest
    @CsvSource({"client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"})
    void a_plugin_beside_the_kubeconfig_tells_a_token_once_for_many_requests(String version) throws Exception {
        home.script("plugin", "echo run >> " + temp.resolve("runs") + "\n" + says(version, "\"token\":\"t0ken\""));
        kubeconfig(version, "./plugin", "");
        site.wants("t0ken");
        try (HttpApi api = home.open()) {
            for (int i = 0; i < 3; i++) {
                api.get("/x");
            }
        }
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void a_plugin_has_its_arguments_its_variables_and_what_it_wants_to_know() throws Exception {
        home.script("plugin", "printf '%s' \"$1,$2,$STAGE\" > " + temp.resolve("arguments") + "\nprintf '%s' "
                + "\"$KUBERNETES_EXEC_INFO\" > " + temp.resolve("info") + "\ncat > " + temp.resolve("stdin") + "\n"
                + says(V1, "\"token\":\"t\""));
        home.kubeconfig("server: '" + site.url() + "', certificate-authority-data: "
                + "LS0t, extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: [a, 1]}}]",
                "exec: {apiVersion: " + V1 + ", command: ./plugin, interactiveMode: IfAvailable, provideClusterInfo: true, "
                        + "args: [get token, '2'], env: [{name: STAGE, value: test}]}");
        assertThat(failure()).startsWith("kubeconfig " + home.path("config") // it is told before the certificate is looked at
                + ": clusters[one].cluster.certificate-authority-data: there is no certificate in it");
        assertThat(home.path("arguments")).hasContent("get token,2,test");
        assertThat(home.path("stdin")).isEmptyFile();
        JsonNode info = Trees.MAPPER.readTree(home.path("info").toFile());
        assertThat(info).isEqualTo(Trees.MAPPER.readTree("""
                {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "spec": {"interactive": false,
                 "cluster": {"server": "%s", "certificate-authority-data": "LS0t", "config": {"audience": ["a", 1]}}}}
                """.formatted(site.url())));
    }

    @Test
    void a_plugin_may_tell_a_certificate() throws Exception {
        Certificates certificates = new Certificates(temp);
        Pair authority = certificates.authority("authority");
        Pair client = certificates.signed("client", authority, "DNS:node1");
        home.write("said", Trees.MAPPER.createObjectNode().put("apiVersion", V1).put("kind", "ExecCredential")
                .set("status", Trees.MAPPER.createObjectNode()
                        .put("clientCertificateData", Files.readString(client.certificate()))
                        .put("clientKeyData", Files.readString(client.key())))
                .toString());
        home.script("plugin", "cat " + temp.resolve("said"));
        Pair server = certificates.signed("server", authority, "IP:127.0.0.1");
        try (Site tls = Site.open(certificates.server(server, authority))) {
            home.kubeconfig("server: '" + tls.url() + "', certificate-authority: authority.crt",
                    "exec: {apiVersion: " + V1 + ", command: ./plugin, interactiveMode: Never}");
            try (HttpApi api = home.open()) {
                api.get("/x");
            }
            assertThat(tls.last().client()).isEqualTo("CN=client");
        }
    }

    @Test
    void what_expires_is_asked_for_again() throws Exception {
        home.script("plugin", "echo run >> " + temp.resolve("runs") + "\n" + says(V1, "\"token\":\"t\","
                + "\"expirationTimestamp\":\"" + Instant.now().plusSeconds(1) + "\""));
        kubeconfig(V1, "./plugin", "");
        try (HttpApi api = home.open()) {
            api.get("/x");
            awaitRuns(2);
        }
    }

    @Test
    void what_is_refused_is_asked_for_again() throws Exception {
        home.script("plugin", "echo run >> " + temp.resolve("runs") + "\n" + says(V1, "\"token\":\"t\""));
        kubeconfig(V1, "./plugin", "");
        site.answers(401, "{}");
        try (HttpApi api = home.open()) {
            await(() -> {
                assertThat(catchThrowableOfType(ApiFailure.Refused.class, () -> api.get("/x"))).hasMessageStartingWith(
                        "the server does not accept what its plugin says (kubeconfig ");
                return runs() > 1;
            });
        }
    }

    @Test
    void what_is_refused_is_not_asked_for_again_at_every_request() throws Exception {
        home.script("plugin", "echo run >> " + temp.resolve("runs") + "\n" + says(V1, "\"token\":\"t\""));
        kubeconfig(V1, "./plugin", "");
        site.answers(401, "{}");
        try (HttpApi api = home.open(Duration.ofMinutes(1))) {
            for (int i = 0; i < 5; i++) {
                assertThat(catchThrowableOfType(ApiFailure.Refused.class, () -> api.get("/x"))).isNotNull();
            }
        }
        assertThat(runs()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            exit 3                                      | PLUGIN ended with exit code 3
            echo at first >&2; echo no network >&2; exit 1 | PLUGIN ended with exit code 1: no network
            echo s3cr3t                                 | PLUGIN did not print an ExecCredential in JSON
            echo '["s3cr3t"]'                           | PLUGIN did not print an ExecCredential in JSON
            kill -9 $$                                  | PLUGIN ended with exit code 137
            echo '{"apiVersion": "client.authentication.k8s.io/v1beta1"}' | what PLUGIN printed: apiVersion: must be client.authentication.k8s.io/v1, as the kubeconfig has it
            echo '{"apiVersion": "client.authentication.k8s.io/v1"}' | what PLUGIN printed: status: must be a map
            echo '{"apiVersion": "client.authentication.k8s.io/v1", "status": {}}' | what PLUGIN printed: status.token: must be set, or clientCertificateData and clientKeyData
            echo '{"apiVersion": "client.authentication.k8s.io/v1", "status": {"token": "s3cr3t s"}}' | what PLUGIN printed: status.token: must be a token, without white space
            echo '{"apiVersion": "client.authentication.k8s.io/v1", "status": {"clientKeyData": "s3cr3t"}}' | what PLUGIN printed: status.clientCertificateData: must be set, too
            echo '{"apiVersion": "client.authentication.k8s.io/v1", "status": {"token": "s3cr3t", "expirationTimestamp": "soon"}}' | what PLUGIN printed: status.expirationTimestamp: must be a time such as 2026-01-31T12:00:00Z
            """)
    void a_plugin_that_does_not_do_its_work_is_named_with_what_it_says(String script, String message) throws Exception {
        home.script("plugin", script + "\n");
        kubeconfig(V1, "./plugin", "");
        assertThat(failure()).isEqualTo("kubeconfig " + home.path("config") + ": users[node1].user.exec: "
                + message.replace("PLUGIN", home.path("plugin").toString())).doesNotContain("s3cr3t");
    }

    @Test
    void a_plugin_that_is_not_there_is_named_with_the_hint_how_to_get_it() throws Exception {
        kubeconfig(V1, "no-such-plugin", ", installHint: get it from example.org");
        assertThat(failure()).isEqualTo("kubeconfig " + home.path("config") + ": users[node1].user.exec: cannot run "
                + "no-such-plugin: Exec failed, error: 2 (No such file or directory); get it from example.org");
    }

    @Test
    void nobody_waits_for_a_plugin_when_the_bundle_has_ended() throws Exception {
        home.script("plugin", "echo > " + temp.resolve("begun") + "\nsleep 300\n");
        kubeconfig(V1, "./plugin", "");
        Cell<Optional<Throwable>> ended = new Cell<>(Optional.empty());
        try (HttpApi api = home.open()) {
            Thread.ofVirtual().start(
                    () -> ended.set(Optional.of(catchThrowableOfType(ApiFailure.Unreachable.class, () -> api.get("/x")))));
            awaitFile("begun");
        }
        assertThat(ended.after(0, Duration.ofSeconds(10)).value().orElseThrow()).hasMessage("the connection is closed");
    }

    @Test
    void a_plugin_that_works_again_is_used() throws Exception {
        home.script("plugin", "exit 1\n");
        kubeconfig(V1, "./plugin", "");
        try (HttpApi api = home.open()) {
            assertThat(catchThrowableOfType(ApiFailure.Unreachable.class, () -> api.get("/x"))).isNotNull();
            home.script("plugin", says(V1, "\"token\":\"t\""));
            awaitRequests(api, 1);
        }
    }

    @Test
    void an_interrupt_ends_a_plugin_and_what_it_started() throws Exception {
        home.script("plugin", "sleep 300 &\necho $! > pid.new; mv pid.new " + temp.resolve("pid") + "\nwait\n");
        ProcessBuilder builder = new ProcessBuilder(home.path("plugin").toString()).directory(temp.toFile());
        Cell<Optional<Throwable>> ended = new Cell<>(Optional.empty());
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                ended.set(Optional.of(new AssertionError(Output.of(builder, "", Duration.ofSeconds(50)).toString())));
            } catch (Exception e) {
                ended.set(Optional.of(e));
            }
        });
        awaitFile("pid");
        thread.interrupt();
        assertThat(ended.after(0, Duration.ofSeconds(10)).value()).containsInstanceOf(InterruptedException.class);
        assertEnds(Long.parseLong(Files.readString(home.path("pid")).strip()));
    }

    @Test
    void a_plugin_that_does_not_end_is_ended() throws Exception {
        home.script("plugin", "echo $$ > pid; echo half; sleep 300\n");
        Output output = Output.of(new ProcessBuilder(home.path("plugin").toString()).directory(temp.toFile()), "",
                Duration.ofSeconds(1));
        assertThat(output.isLate()).isTrue();
        assertEnds(Long.parseLong(Files.readString(home.path("pid")).strip()));
    }

    @Test
    void a_program_may_print_more_than_anybody_reads() throws Exception {
        home.script("plugin", "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2\n");
        Output output = Output.of(new ProcessBuilder(home.path("plugin").toString()), "", Duration.ofSeconds(30));
        assertThat(output.text().length()).isEqualTo(1024 * 1024);
        assertThat(output.complaint().length()).isLessThan(400);
    }

    private void kubeconfig(String version, String command, String more) throws Exception {
        home.kubeconfig("server: '" + site.url() + "'", "exec: {apiVersion: " + version + ", command: " + command
                + ", interactiveMode: Never" + more + "}");
    }

    private static String says(String version, String status) {
        return "cat <<'END'\n{\"apiVersion\":\"" + version + "\",\"kind\":\"ExecCredential\",\"status\":{" + status
                + "}}\nEND\n";
    }

    private String failure() {
        try (HttpApi api = home.open()) {
            return String.valueOf(catchThrowableOfType(ApiFailure.Unreachable.class, () -> api.get("/x")).getMessage());
        }
    }

    private int runs() throws Exception {
        return Files.readAllLines(temp.resolve("runs")).size();
    }

    private interface Condition {

        boolean holds() throws Exception;
    }

    private void awaitRuns(int count) throws Exception {
        await(() -> runs() >= count);
    }

    private void awaitFile(String name) throws Exception {
        await(() -> Files.exists(home.path(name)));
    }

    private static void assertEnds(long pid) throws Exception {
        await(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    private void awaitRequests(HttpApi api, int count) throws Exception {
        await(() -> {
            try {
                api.get("/x");
            } catch (ApiFailure _) {
                // not yet
            }
            return site.requests().size() >= count;
        });
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(Duration.ofMillis(20));
        }
    }
}

package io.holdfast.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime.Hints;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.runtime.RuntimeUnreachable;

/** What is seen of an Engine, and when it is asked again. */
class LooksTest {

    private static final PodName WEB = new PodName("default", "web-n");

    @TempDir
    Path dir;

    private FakeDocker docker;
    private Engine engine;
    private Looks looks;

    @BeforeEach
    void connect() throws Exception {
        docker = new FakeDocker(dir.resolve("s"));
        engine = new Engine(new Endpoint(dir.resolve("s")));
        looks = new Looks(engine);
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
        docker.close();
    }

    private static String labels(String more) {
        return """
                {"io.holdfast.managed": "true", "io.kubernetes.pod.name": "web-n", "io.kubernetes.pod.namespace":
                 "default", "io.kubernetes.pod.uid": "u1", "io.holdfast.attempt": "2", "annotation.a": "b", %s}
                """.formatted(more);
    }

    private static String listed(String id, String state, String labels) {
        return "{\"Id\": \"%s\", \"State\": \"%s\", \"ImageID\": \"sha256:1\", \"Labels\": %s}".formatted(id, state, labels);
    }

    private static String sandbox(String id, String state) {
        return listed(id, state, labels("\"io.kubernetes.docker.type\": \"podsandbox\""));
    }

    private static String member(String id, String state, String sandbox) {
        return listed(id, state, labels("""
                "io.kubernetes.docker.type": "container", "io.kubernetes.sandbox.id": "%s",
                "io.kubernetes.container.name": "app", "io.holdfast.image": "busybox"
                """.formatted(sandbox)));
    }

    private void list(String... containers) {
        docker.reply("GET /containers/json", 200, "[" + String.join(",", containers) + "]");
    }

    private void inspected(String id, String state) {
        docker.reply("GET /containers/" + id + "/json", 200, """
                {"Id": "%s", "Created": "2026-01-01T00:00:01.5Z", "State": {%s},
                 "NetworkSettings": {"Networks": {"bridge": {"IPAddress": "10.0.0.2", "GlobalIPv6Address": ""}}}}
                """.formatted(id, state));
    }

    private static String running() {
        return "\"Status\": \"running\", \"StartedAt\": \"2026-01-01T00:00:02Z\", \"FinishedAt\": \"0001-01-01T00:00:00Z\"";
    }

    private static String exited(int code, String more) {
        return "\"Status\": \"exited\", \"ExitCode\": " + code + ", \"StartedAt\": \"2026-01-01T00:00:02Z\", "
                + "\"FinishedAt\": \"2026-01-01T00:00:03Z\"" + more;
    }

    private State stateOfMember(String listed, String inspected) throws Exception {
        list(sandbox("s", "running"), member("c", listed, "s"));
        inspected("s", running());
        inspected("c", inspected);
        return looks.one(WEB).orElseThrow().sandboxes().getFirst().containers().getFirst().state();
    }

    @Test
    void aPodIsSeenWithAllItWasMadeWith() throws Exception { // R8
        stateOfMember("running", running());
        ObservedPod pod = looks.all().getFirst();
        assertThat(pod.name()).isEqualTo(WEB);
        assertThat(pod.sandboxes()).singleElement().satisfies(s -> {
            assertThat(s.uid()).isEqualTo("u1");
            assertThat(s.attempt()).isEqualTo(2);
            assertThat(s.ready()).isTrue();
            assertThat(s.ips()).containsExactly("10.0.0.2");
            assertThat(s.createdAt()).isEqualTo(Instant.parse("2026-01-01T00:00:01.5Z"));
            assertThat(s.annotations()).containsExactly(java.util.Map.entry("a", "b"));
            assertThat(s.labels()).doesNotContainKey("annotation.a");
            assertThat(s.containers()).singleElement().satisfies(c -> assertThat(c.image()).isEqualTo("busybox"));
        });
    }

    @Test
    void statesAreAsTheKubeletNamesThem() throws Exception {
        assertThat(stateOfMember("running", running()))
                .isEqualTo(new State.Running(Instant.parse("2026-01-01T00:00:02Z")));
        assertThat(stateOfMember("exited", exited(0, ""))).extracting("reason").isEqualTo("Completed");
        looks.forget("c");
        assertThat(stateOfMember("exited", exited(3, ""))).extracting("exitCode", "reason")
                .containsExactly(3, "Error");
        looks.forget("c");
        assertThat(stateOfMember("exited", exited(137, ", \"OOMKilled\": true"))).extracting("reason")
                .isEqualTo("OOMKilled");
        assertThat(stateOfMember("created", "\"Status\": \"created\"")).isEqualTo(new State.Created());
        assertThat(stateOfMember("new", "\"Status\": \"new\"")).isEqualTo(new State.Unknown());
    }

    @Test
    void whatCouldNotBeStartedHasEndedWhenItWasMade() throws Exception {
        assertThat(stateOfMember("created", """
                "Status": "created", "ExitCode": 127, "StartedAt": "0001-01-01T00:00:00Z",
                "FinishedAt": "0001-01-01T00:00:00Z",
                "Error": "OCI runtime create failed: runc create failed: exec: \\"x\\": not found: unknown"
                """)).isEqualTo(new State.Exited(127, "StartError", "exec: \"x\": not found",
                        Instant.parse("2026-01-01T00:00:01.5Z"), Instant.parse("2026-01-01T00:00:01.5Z")));
    }

    @Test
    void whatHasNotChangedIsNotAskedForAgain() throws Exception {
        stateOfMember("running", running());
        looks.all();
        looks.one(WEB);
        assertThat(docker.count("GET /containers/c/json")).isEqualTo(1);
        assertThat(docker.count("GET /containers/s/json")).isEqualTo(1);
    }

    @Test
    void anotherStatusIsAskedFor() throws Exception {
        stateOfMember("running", running());
        assertThat(stateOfMember("exited", exited(1, ""))).isInstanceOf(State.Exited.class);
    }

    @Test
    void aListThatLagsBehindAnEventDoesNotHideAnExit() throws Exception { // L3
        stateOfMember("running", running());
        inspected("c", exited(9, ""));
        docker.stream("GET /events", 200, out -> out.write("""
                {"Action": "die", "Actor": {"ID": "c", "Attributes": %s}}
                """.formatted(labels("\"x\": \"y\"")).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        List<Object> hints = new ArrayList<>();
        assertThatThrownBy(() -> new Events(engine, looks).watch(new Hints() {
            @Override
            public void look(PodName name) {
                hints.add(name);
            }

            @Override
            public void lookAtAll() {
                hints.add("all");
            }
        })).isInstanceOf(RuntimeUnreachable.class).hasMessageContaining("the event stream has ended");
        assertThat(hints).containsExactly("all", WEB);
        assertThat(looks.one(WEB).orElseThrow().sandboxes().getFirst().containers().getFirst().state())
                .as("listed as running still").extracting("exitCode").isEqualTo(9);
    }

    @Test
    void eventsAreAskedForFromBeforeTheStreamHasBegun() {
        docker.stream("GET /events", 200, _ -> {
        });
        long before = Instant.now().getEpochSecond();
        assertThatThrownBy(() -> new Events(engine, looks).watch(new NoHints())).isInstanceOf(RuntimeUnreachable.class);
        String target = docker.calls.value().getLast().target();
        assertThat(Long.parseLong(target.replaceAll(".*since=(\\d+)\\..*", "$1"))).isBetween(before, before + 60);
        assertThat(target).contains("\"start\"", "\"die\"", "\"oom\"", "\"destroy\"", "io.holdfast.managed=true");
    }

    private static final class NoHints implements Hints {
        @Override
        public void look(PodName name) {
            throw new AssertionError(name);
        }

        @Override
        public void lookAtAll() {
            // as it should be
        }
    }

    @Test
    void aMemoryKillThatMayStillBecomeKnownIsAskedForAgain() throws Exception {
        String now = "\"Status\": \"exited\", \"ExitCode\": 137, \"StartedAt\": \"2026-01-01T00:00:02Z\", "
                + "\"FinishedAt\": \"" + Instant.now() + "\"";
        assertThat(stateOfMember("exited", now)).extracting("reason").isEqualTo("Error");
        assertThat(stateOfMember("exited", now + ", \"OOMKilled\": true")).extracting("reason").isEqualTo("OOMKilled");
    }

    @Test
    void whatIsGoneMeanwhileIsNotSeen() throws Exception {
        list(sandbox("s", "running"), member("c", "exited", "s"));
        inspected("s", running());
        assertThat(looks.one(WEB).orElseThrow().sandboxes().getFirst().containers()).isEmpty();
    }

    @Test
    void membersOfASandboxThatSomebodyRemovedAreSeenInOneThatIsNotReady() throws Exception { // R8: no orphan
        list(member("c", "running", "gone"));
        inspected("c", running());
        assertThat(looks.one(WEB).orElseThrow().sandboxes()).singleElement().satisfies(s -> {
            assertThat(s.id()).isEqualTo(new SandboxId("gone"));
            assertThat(s.uid()).isEqualTo("u1");
            assertThat(s.ready()).isFalse();
            assertThat(s.containers()).hasSize(1);
        });
    }

    @Test
    void anImageThatCarriesOurLabelMakesNoContainerOurs() throws Exception {
        list(listed("c", "running", "{\"io.holdfast.managed\": \"true\"}"));
        assertThat(looks.all()).isEmpty();
    }

    @Test
    void onePodIsAskedForByItsLabels() throws Exception {
        list();
        assertThat(looks.one(WEB)).isEmpty();
        assertThat(docker.calls.value().getLast().target()).contains("all=1", "io.holdfast.managed=true",
                "io.kubernetes.pod.name=web-n", "io.kubernetes.pod.namespace=default");
    }
}

package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.kit.log.LogLimits;
import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.pod.Container.Protocol;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.ContainerSpec.Mount.Access;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.Security;

/** What is Docker's own, beyond the contract, on the same real Engine. */
class DockerRuntimeIT {

    private static final Duration SOON = Duration.ofSeconds(15);
    private static final ContainerSpec.Terminal NO_TERMINAL = new ContainerSpec.Terminal(false, false, false);

    @TempDir
    Path dir;

    private final PodName name = new PodName("docker-it", "pod-" + Long.toString(System.nanoTime(), 36));
    private final Engine engine = new Engine(Endpoint.parse(DockerRuntimeContractIT.socket()));
    private DockerRuntime runtime;
    private String image;

    @BeforeEach
    void prepare() throws Exception {
        runtime = start("10m", 5);
        image = runtime.image(DockerRuntimeContractIT.IMAGE).orElseThrow().id();
        Files.createDirectories(dir.resolve("app"));
    }

    private static DockerRuntime start(String maxSize, int maxFiles) {
        return new DockerRuntime(DockerRuntimeContractIT.socket(), LogLimits.of(DockerRuntime.PID, maxSize, maxFiles));
    }

    @AfterEach
    void removeAll() throws Exception {
        for (Sandbox sandbox : runtime.pod(name).map(p -> p.sandboxes()).orElse(List.of())) {
            runtime.removeSandbox(sandbox.id());
        }
        runtime.close();
        engine.close();
    }

    // ------------------------------------------------------------------ the sandbox

    @Test
    void thePauseImageIsMadeAgainWhenSomebodyHasTidiedItAway() throws Exception {
        runtime.removeSandbox(runtime.runSandbox(onPodNetwork()));
        engine.delete("/images/" + PauseImage.REFERENCE + "?force=1").get();
        assertThat(runtime.image(PauseImage.REFERENCE)).isEmpty();

        runtime.runSandbox(onPodNetwork());
        assertThat(runtime.image(PauseImage.REFERENCE)).isPresent();
        assertThat(box().ready()).isTrue();
    }

    @Test
    void theSandboxReapsOrphansAndEndsWhenToldTo() throws Exception {
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        String guest = engine.post("/containers/create", Map.of("Image", image, "Entrypoint", List.of("sh", "-c"), "Cmd",
                List.of("(sleep 0.1 &); sleep 0.5; ls /proc | grep -c '^[0-9]'; ! grep -l '^State:.Z' /proc/[0-9]*/status"),
                "HostConfig", Map.of("PidMode", "container:" + sandbox))).get().at("Id").text();
        try {
            engine.post("/containers/" + guest + "/start").get();
            assertThat(engine.post("/containers/" + guest + "/wait").get().at("StatusCode").number())
                    .as("0: process 1 has left no zombie").isZero();
        } finally {
            engine.delete("/containers/" + guest + "?force=1");
        }
        runtime.stopSandbox(sandbox);
        assertThat(engine.get("/containers/" + sandbox + "/json").get().at("State", "ExitCode").number())
                .as("137 would be: killed").isZero();
    }

    @Test
    void aNameThatIsTakenByAnotherContainerIsAClearErrorAndThatOneIsLeftAlone() throws Exception {
        SandboxSpec spec = onPodNetwork();
        String other = engine.post("/containers/create" + Query.of("name", Labels.name(spec)),
                Map.of("Image", DockerRuntimeContractIT.IMAGE)).get().at("Id").text();
        try {
            assertThatThrownBy(() -> runtime.runSandbox(spec)).isInstanceOf(RuntimeRefused.class)
                    .hasMessage("the name %s is taken by container %s of image %s, which is not Holdfast's and is left "
                            + "alone; rename or remove it and the pod goes on", Labels.name(spec),
                            other.substring(0, 12), DockerRuntimeContractIT.IMAGE);
            assertThat(engine.get("/containers/" + other + "/json").ifThere()).isPresent();
        } finally {
            engine.delete("/containers/" + other + "?force=1");
        }
        runtime.runSandbox(spec);
        assertThatThrownBy(() -> runtime.runSandbox(spec)).isInstanceOf(RuntimeRefused.class)
                .hasMessageStartingWith(Labels.name(spec) + " is there already, container ");
    }

    @Test
    void aSandboxThatCannotBeStartedLeavesNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> runtime.runSandbox(onPodNetwork(taken.getLocalPort())))
                    .isInstanceOf(RuntimeRefused.class).hasMessageContaining("" + taken.getLocalPort());
        }
        assertThat(runtime.pod(name)).isEmpty();
    }

    @Test
    void whatSomebodyLeftOfASandboxIsSeenAndRemovedWithIt() throws Exception { // R8: no orphan
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        started(sandbox, "sleep 1000");
        engine.delete("/containers/" + sandbox + "?force=1").get();

        assertThat(box().ready()).isFalse();
        assertThat(box().containers()).hasSize(1);
        runtime.stopSandbox(box().id());
        assertThat(state()).isInstanceOf(State.Exited.class);
        runtime.removeSandbox(box().id());
        assertThat(runtime.pod(name)).isEmpty();
    }

    // ------------------------------------------------------------------ what a container finds

    @Test
    void hostPortsReachTheContainer() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        SandboxId sandbox = runtime.runSandbox(onPodNetwork(port));
        started(sandbox, "exec httpd -f -p 80 -h /www");
        assertThat(box().ips()).singleElement().asString().matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
        Awaitility.await().atMost(SOON).untilAsserted(() -> assertThat(get(port)).contains("Hello from Holdfast"));
    }

    private static String get(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void resolvConfAndHostnameAreThePods() throws Exception { // G4
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        started(sandbox, "hostname; cat /etc/resolv.conf");
        awaitExit();
        assertThat(texts(log())).containsExactly("web", "search svc.local", "nameserver 10.0.0.10", "options ndots:5");
    }

    @Test
    void membersShareNetworkAndSharedMemory() throws Exception {
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        started(sandbox, "echo shared >/dev/shm/x; exec nc -l -p 7777");
        Files.createDirectories(dir.resolve("peer"));
        ContainerSpec peer = container("peer", 0, "until [ -s /dev/shm/x ]; do sleep 0.02; done; cat /dev/shm/x; "
                + "until echo | nc 127.0.0.1 7777; do sleep 0.02; done; echo reached", 0, List.of(), NO_TERMINAL);
        runtime.start(runtime.create(sandbox, onPodNetwork(), peer));
        Awaitility.await().atMost(SOON)
                .until(() -> texts(dir.resolve("peer/0.log")).equals(List.of("shared", "reached")));
    }

    @Test
    void aVolumeThatIsNotThereIsAnErrorAndIsNotMade() throws Exception {
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        Path gone = dir.resolve("gone");
        ContainerSpec spec = container("app", 0, "true", 0, List.of(new ContainerSpec.Mount("/in", gone.toString(), Access.ReadOnly,
                MountPropagation.None)), NO_TERMINAL);
        assertThatThrownBy(() -> runtime.create(sandbox, onPodNetwork(), spec)).isInstanceOf(RuntimeRefused.class)
                .hasMessageContaining(gone.toString()).hasMessageContaining("does not exist");
        assertThat(gone).doesNotExist();
    }

    @Test
    void whatIsMountedReadOnlyCannotBeWritten() throws Exception { // G3
        Path volume = Files.createDirectories(dir.resolve("volume"));
        Files.writeString(volume.resolve("file"), "hello\n");
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        ContainerSpec spec = container("app", 0, "cat /in/file; touch /in/new || exit 3", 0, List.of(
                new ContainerSpec.Mount("/in", volume.toString(), Access.ReadOnly, MountPropagation.None)), NO_TERMINAL);
        runtime.start(runtime.create(sandbox, onPodNetwork(), spec));
        assertThat(awaitExit().exitCode()).isEqualTo(3);
        assertThat(texts(log())).startsWith("hello");
        assertThat(volume.resolve("new")).doesNotExist();
    }

    @Test
    void whatTakesTooMuchMemoryIsOOMKilled() throws Exception { // G6
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        ContainerSpec spec = container("app", 0, "exec tail /dev/zero", 8 << 20, List.of(), NO_TERMINAL);
        runtime.start(runtime.create(sandbox, onPodNetwork(), spec));
        assertThat(awaitExit().exitCode()).isEqualTo(137);
        Awaitility.await().atMost(SOON).untilAsserted(() -> assertThat(state()).extracting("reason").isEqualTo("OOMKilled"));
    }

    // ------------------------------------------------------------------ logs

    @Test
    void aCopyGoesOnWhereItEndedWhenTheRuntimeWasAway() throws Exception { // R8, G2
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        ContainerId id = started(sandbox, "i=0; trap 'exit 0' TERM; while :; do echo $i; i=$((i+1)); usleep 500; done");
        for (int times = 0; times < 3; times++) {
            int had = texts(log()).size();
            Awaitility.await().atMost(SOON).until(() -> texts(log()).size() > had + 50);
            runtime.close();
            runtime = start("10m", 5);
            runtime.pods();
        }
        runtime.stop(id, SOON);
        awaitExit();
        List<String> lines = texts(log());
        assertThat(lines).isEqualTo(IntStream.range(0, lines.size()).mapToObj(Integer::toString).toList());
        assertThat(lines).as("all that Docker has").hasSize(dockersLog(id));
    }

    @Test
    void whatAContainerWroteThatEndedWhileNobodyCopiedIsCopiedLater() throws Exception { // R8, T4
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        ContainerId id = started(sandbox, "echo one; until [ -e /tmp/go ]; do sleep 0.02; done; echo two; echo last >&2");
        Awaitility.await().atMost(SOON).until(() -> texts(log()).equals(List.of("one")));
        runtime.close();
        String exec = engine.post("/containers/" + id + "/exec", Map.of("Cmd", List.of("touch", "/tmp/go"))).get()
                .at("Id").text();
        engine.post("/exec/" + exec + "/start", Map.of("Detach", true)).get();
        engine.post("/containers/" + id + "/wait").get();

        runtime = start("10m", 5);
        assertThat(state()).isInstanceOf(State.Exited.class);
        assertThat(texts(log())).as("complete when it is seen as ended").containsExactlyInAnyOrder("one", "two", "last");
    }

    @Test
    void whenAnExitIsSeenTheLastLinesAreThere() throws Exception { // T4
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        ContainerId id = started(sandbox, "trap 'i=0; while [ $i -lt 1000 ]; do echo $i; i=$((i+1)); done; exit 1' TERM;"
                + " echo ready; while :; do sleep 0.02; done");
        Awaitility.await().atMost(SOON).until(() -> texts(log()).equals(List.of("ready")));
        runtime.stop(id, SOON);
        assertThat(state()).isInstanceOf(State.Exited.class);
        assertThat(texts(log())).hasSize(1001).endsWith("999");
    }

    @Test
    void aCopyFollowsDockersRotationAndIsRotatedItself() throws Exception { // G2
        runtime.close();
        runtime = start("64k", 3);
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        started(sandbox, "i=0; while [ $i -lt 5000 ]; do echo $i; i=$((i+1)); [ $((i % 50)) = 0 ] && usleep 20000; done; exit 0");
        awaitExit();
        List<String> kept = new ArrayList<>();
        for (String file : List.of("0.log.2", "0.log.1", "0.log")) {
            assertThat(dir.resolve("app").resolve(file)).isNotEmptyFile();
            assertThat(Files.size(dir.resolve("app").resolve(file))).isLessThanOrEqualTo(64 << 10);
            kept.addAll(texts(dir.resolve("app").resolve(file)));
        }
        assertThat(kept).isEqualTo(IntStream.range(5000 - kept.size(), 5000).mapToObj(Integer::toString).toList());
    }

    @Test
    void veryLongLinesAreCopiedInParts() throws Exception { // G2
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        started(sandbox, "head -c 100000 /dev/zero | tr '\\0' x; echo; echo end");
        awaitExit();
        List<String> lines = Files.readAllLines(log());
        assertThat(lines.getFirst()).contains(" stdout P xxx");
        assertThat(String.join("", texts(log()))).isEqualTo("x".repeat(100_000) + "end");
        assertThat(lines.getLast()).endsWith(" stdout F end");
    }

    @Test
    void aTerminalsOutputIsCopiedToo() throws Exception {
        SandboxId sandbox = runtime.runSandbox(onPodNetwork());
        ContainerSpec spec = container("app", 0, "tty; echo done", 0, List.of(),
                new ContainerSpec.Terminal(true, false, true));
        runtime.start(runtime.create(sandbox, onPodNetwork(), spec));
        awaitExit();
        assertThat(texts(log())).hasSize(2).first().asString().startsWith("/dev/pts/");
    }

    private int dockersLog(ContainerId id) throws Exception {
        String path = engine.get("/containers/" + id + "/json").get().at("LogPath").text();
        return Files.readAllLines(Path.of(path)).size();
    }

    // ------------------------------------------------------------------ what the tests are made of

    private SandboxSpec onPodNetwork(int... hostPorts) {
        return new SandboxSpec(name, "uid-1", 0, "web", dir, Map.of(Names.MANAGED, "true"), Map.of(),
                new SandboxSpec.Namespaces(false, SandboxSpec.Namespaces.Pid.Container, false),
                IntStream.of(hostPorts).mapToObj(p -> new SandboxSpec.PortMapping(Protocol.TCP, 80, p, "127.0.0.1")).toList(),
                new SandboxSpec.Dns(List.of("10.0.0.10"), List.of("svc.local"), List.of("ndots:5")), "", "", false, Map.of(), null);
    }

    private ContainerSpec container(String container, int attempt, String script, long memory,
            List<ContainerSpec.Mount> mounts, ContainerSpec.Terminal terminal) {
        return new ContainerSpec(container, attempt, image, DockerRuntimeContractIT.IMAGE, List.of("sh", "-c", script),
                List.of(), "", List.of(), mounts, Map.of(Names.MANAGED, "true"), Map.of(),
                container + "/" + attempt + ".log", new ContainerSpec.Resources(2, 0, 0, memory, 0), terminal, Security.DEFAULT, "");
    }

    private ContainerId started(SandboxId sandbox, String script) throws Exception {
        ContainerId id = runtime.create(sandbox, onPodNetwork(), container("app", 0, script, 0, List.of(), NO_TERMINAL));
        runtime.start(id);
        return id;
    }

    private Sandbox box() throws InterruptedException {
        return runtime.pod(name).orElseThrow().sandboxes().getFirst();
    }

    private State state() throws InterruptedException {
        return box().containers().getFirst().state();
    }

    private State.Exited awaitExit() {
        return (State.Exited) Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(this::state,
                State.Exited.class::isInstance);
    }

    private Path log() {
        return dir.resolve("app/0.log");
    }

    private static List<String> texts(Path log) throws IOException {
        return !Files.exists(log) ? List.of()
                : Files.readAllLines(log).stream().map(l -> l.split(" ", 4)[3].replace("\r", "")).toList();
    }
}

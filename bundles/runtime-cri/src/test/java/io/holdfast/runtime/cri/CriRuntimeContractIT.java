package io.holdfast.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.runtime.RuntimeInfo;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.cri.wire.RuntimeServiceGrpc;
import io.holdfast.runtime.cri.wire.StartContainerRequest;
import io.holdfast.testkit.LinuxRuntimeContract;

/**
 * The contract, on a real engine with CRI whose socket is the system property {@value #SOCKET}; it must have the image
 * localhost/holdfast/busybox:1 and a pod network. Run by the integration tests, which start one.
 */
class CriRuntimeContractIT extends LinuxRuntimeContract {

    static final String SOCKET = "holdfast.test.cri";

    @TempDir
    Path logs;

    private final CriRuntime cri = new CriRuntime(socket());

    static String socket() {
        String socket = System.getProperty(SOCKET, "");
        if (socket.isEmpty()) {
            throw new AssertionError("-D" + SOCKET + " must say where an engine with CRI listens, such as "
                    + "unix:///run/containerd/containerd.sock");
        }
        return socket;
    }

    @Override
    protected void close() {
        cri.close();
    }

    @Override
    protected ContainerRuntime runtime() {
        return cri;
    }

    @Override
    protected String image() {
        return "localhost/holdfast/busybox:1";
    }

    @Override
    protected Path directory() {
        return logs;
    }

    /** As containerd 1.6, which the tests are run on. */
    @Override
    protected Set<Extra> lacks() {
        return Set.of(Extra.StopSignal, Extra.RecursiveReadOnly, Extra.StrictGroups);
    }

    @Test
    void theTestsEngineMakesCgroupsByItself() throws Exception { // G6
        assertThat(cri.info().cgroups()).isEqualTo(RuntimeInfo.Cgroups.Cgroupfs);
    }

    @Test
    void aSandboxOnThePodNetworkHasAnAddressUntilItStops() throws Exception {
        PodName name = new PodName("contract", "net-" + Long.toString(System.nanoTime(), 36));
        var id = cri.runSandbox(new SandboxSpec(name, "uid-1", 0, "host", logs, Map.of(Names.MANAGED, "true",
                Names.POD_NAME, name.name(), Names.POD_NAMESPACE, name.namespace()), Map.of(),
                new SandboxSpec.Namespaces(false, SandboxSpec.Namespaces.Pid.Container, false), List.of(),
                new SandboxSpec.Dns(List.of("10.0.0.10"), List.of("svc"), List.of("ndots:5")), "", "", false, Map.of(), null));

        assertThat(cri.pod(name).orElseThrow().sandboxes().getFirst().ips()).singleElement().asString()
                .matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
        cri.stopSandbox(id);
        assertThat(cri.pod(name).orElseThrow().sandboxes().getFirst().ready()).isFalse();
    }

    /** As an agent leaves it that is killed while the container starts. */
    @Test
    void whatRunsThoughTheEngineDoesNotKnowItIsRemovedWithItsSandbox() throws Exception { // R8
        SandboxId box = cri.runSandbox(sandbox(0));
        ContainerId lost = cri.create(box, sandbox(0), shell("app", 0, "sleep 1000"));
        startPastCri(lost);
        cri.remove(lost);
        ContainerId another = cri.create(box, sandbox(0), shell("app", 1, "sleep 1000"));
        startPastCri(another);
        cri.stopSandbox(box);
        cri.removeSandbox(box);
        assertThat(ctr("tasks", "list", "--quiet")).doesNotContain(lost.value()).doesNotContain(another.value());
        assertThat(cri.pods()).allSatisfy(pod -> assertThat(pod.sandboxes()).extracting(Sandbox::id).doesNotContain(box));
    }

    private static void startPastCri(ContainerId id) throws Exception {
        ctr("tasks", "start", "--detach", id.value());
        assertThat(ctr("tasks", "list", "--quiet")).contains(id.value());
    }

    private static String ctr(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("ctr", "--address", socket(), "--namespace", Connection.NAMESPACE));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    @Test
    void aStartThatAnAgentsDeathCutOffIsNoEndOfTheContainer() throws Exception { // R8
        SandboxId box = cri.runSandbox(sandbox(0));
        State after = new State.Created();
        for (int attempt = 0; !(after instanceof State.Unknown); attempt++) {
            assertThat(attempt).as("attempts to cut a start off").isLessThan(20);
            ContainerId id = cri.create(box, sandbox(0), shell("app", attempt, "sleep 1000"));
            startAndGoAway(id, Duration.ofMillis(attempt + 2));
            CriRuntime next = new CriRuntime(socket());
            try {
                await().atMost(Duration.ofSeconds(30)).until(() -> !(state(cri, id) instanceof State.Created));
                after = state(next, id);
                assertThat(state(cri, id)).isInstanceOf(after instanceof State.Unknown ? State.Exited.class : after.getClass());
                next.stop(id, Duration.ofSeconds(1));
                assertThat(next.pod(sandbox(0).name()).orElseThrow().sandboxes().getFirst().containers())
                        .allSatisfy(c -> assertThat(c.state()).isInstanceOf(State.Exited.class));
            } finally {
                next.close();
            }
        }
    }

    private void startAndGoAway(ContainerId id, Duration after) throws Exception {
        Connection connection = new Connection(Endpoint.parse(socket()));
        connection.begin(RuntimeServiceGrpc.getStartContainerMethod(),
                StartContainerRequest.newBuilder().setContainerId(id.value()).build(), Duration.ofSeconds(30));
        Thread.sleep(after);
        connection.close();
    }

    private State state(CriRuntime as, ContainerId id) throws InterruptedException {
        return as.pod(sandbox(0).name()).orElseThrow().sandboxes().stream().flatMap(s -> s.containers().stream())
                .filter(c -> c.id().equals(id)).findFirst().orElseThrow().state();
    }
}

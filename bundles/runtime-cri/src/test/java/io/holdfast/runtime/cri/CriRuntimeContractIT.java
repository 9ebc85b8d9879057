package io.holdfast.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.RuntimeInfo;
import io.holdfast.runtime.SandboxSpec;
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
}

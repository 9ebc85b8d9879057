package io.holdfast.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.kit.log.LogLimits;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.RuntimeInfo;
import io.holdfast.testkit.LinuxRuntimeContract;

/**
 * The contract, on a real Docker Engine whose socket is the system property {@value #SOCKET}; it must have the image
 * localhost/holdfast/busybox:1. Run by the integration tests, which start one.
 */
class DockerRuntimeContractIT extends LinuxRuntimeContract {

    static final String SOCKET = "holdfast.test.docker";
    static final String IMAGE = "localhost/holdfast/busybox:1";

    @TempDir
    Path logs;

    private final DockerRuntime docker = new DockerRuntime(socket(), LogLimits.of(DockerRuntime.PID, "10m", 5));

    static String socket() {
        String socket = System.getProperty(SOCKET, "");
        if (socket.isEmpty()) {
            throw new AssertionError("-D" + SOCKET + " must say where a Docker Engine listens, such as "
                    + "unix:///var/run/docker.sock");
        }
        return socket;
    }

    @Override
    protected void close() {
        docker.close();
    }

    @Override
    protected ContainerRuntime runtime() {
        return docker;
    }

    @Override
    protected String image() {
        return IMAGE;
    }

    @Override
    protected Path directory() {
        return logs;
    }

    /** As Docker 20.10, which the tests are run on. */
    @Override
    protected Set<Extra> lacks() {
        return OomScore.possible(-1) < 0 ? Set.of(Extra.RecursiveReadOnly)
                : Set.of(Extra.RecursiveReadOnly, Extra.AllCapabilities); // without CAP_SYS_RESOURCE
    }

    @Test
    void theTestsEngineMakesCgroupsByItself() throws Exception { // G6
        assertThat(docker.info().cgroups()).isEqualTo(RuntimeInfo.Cgroups.Cgroupfs);
    }
}

package io.holdfast.runtime.docker;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.testkit.ContainerRuntimeContract;

/**
 * The contract, on a real Docker Engine whose socket is the system property {@value #SOCKET}; it must have the image
 * localhost/holdfast/busybox:1. Run by the integration tests, which start one.
 */
class DockerRuntimeContractIT extends ContainerRuntimeContract {

    static final String SOCKET = "holdfast.test.docker";
    static final String IMAGE = "localhost/holdfast/busybox:1";

    @TempDir
    Path logs;

    private final DockerRuntime docker = new DockerRuntime(socket(), LogLimits.of("10m", 5));

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
}

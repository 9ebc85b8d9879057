package io.holdfast.itests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.runtime.cri.wire.Container;

/** An agent in an empty home beside a real containerd, for each test; afterwards nothing of its pods is left. */
public final class Lab implements BeforeEachCallback, AfterEachCallback {

    static final Path ENGINE = Path.of(Agent.property("holdfast.engine"));
    private static final Duration SOON = Duration.ofSeconds(30);

    private @Nullable Cri cri;
    private @Nullable Path directory;
    private @Nullable Agent agent;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        cri = new Cri(ENGINE.resolve("containerd.sock"));
        directory = Files.createTempDirectory("holdfast-it");
        agent = new Agent(directory.resolve("home"), ENGINE.resolve("containerd.sock"));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (context.getExecutionException().isPresent()) {
            System.err.println("---- log of the agent in " + context.getDisplayName() + "\n" + agent().log());
        }
        agent().close();
        sweep();
        cri().close();
        deleteTree(directory());
    }

    /** Removes every pod that is left, whoever made it: after a test, or as a reboot does. */
    void sweep() {
        Cri cri = cri();
        cri.sandboxes().forEach(s -> {
            cri.calls().stopPodSandbox(io.holdfast.runtime.cri.wire.StopPodSandboxRequest.newBuilder()
                    .setPodSandboxId(s.getId()).build());
            cri.calls().removePodSandbox(io.holdfast.runtime.cri.wire.RemovePodSandboxRequest.newBuilder()
                    .setPodSandboxId(s.getId()).build());
        });
    }

    /** What a failed test left mounted goes first. */
    private static void deleteTree(Path tree) throws IOException, InterruptedException {
        for (String mount : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String at = mount.split(" ", -1)[1];
            if (at.startsWith(tree + "/")) {
                run("umount", at);
            }
        }
        run("rm", "-rf", "--one-file-system", tree.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    Agent agent() {
        return Objects.requireNonNull(agent);
    }

    Cri cri() {
        return Objects.requireNonNull(cri);
    }

    /** A directory of this test, outside the agent's home. */
    Path directory() {
        return Objects.requireNonNull(directory);
    }

    static void soon(ThrowingRunnable assertion) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(50)).untilAsserted(assertion);
    }

    /**
     * Waits until exactly one container of the pod runs.
     *
     * @param pod without the node's name
     */
    Container running(String pod) {
        return await().atMost(SOON).pollInterval(Duration.ofMillis(20))
                .until(() -> cri().running(pod + "-" + Agent.NODE), c -> c.size() == 1).getFirst();
    }

    /** Kills a container's processes, as a crash does. */
    void kill(String container) {
        cri().calls().stopContainer(io.holdfast.runtime.cri.wire.StopContainerRequest.newBuilder()
                .setContainerId(container).setTimeout(0).build());
    }

    void gone(String pod) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(50))
                .until(() -> cri().sandboxes(pod + "-" + Agent.NODE).isEmpty());
    }

    /** Waits for a file that a container writes on the node. */
    static List<String> lines(Path file, int atLeast) {
        return await().atMost(SOON).pollInterval(Duration.ofMillis(20))
                .until(() -> Files.exists(file) ? Files.readAllLines(file) : List.<String>of(), l -> l.size() >= atLeast);
    }

    JsonNode status(String pod) throws IOException, InterruptedException {
        return agent().pod(pod + "-" + Agent.NODE).path("status");
    }
}

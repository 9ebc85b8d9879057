package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.itests.Engine.Container;

/**
 * An agent in an empty home beside a real engine, for each test, or, in a static field, for all tests of a class;
 * afterwards nothing of its pods is left.
 */
public final class Lab implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final Duration SOON = Duration.ofSeconds(30);

    private @Nullable Engine engine;
    private @Nullable Path directory;
    private @Nullable Agent agent;
    private boolean shared;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        shared = true;
        open();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        if (!shared) {
            open();
        }
    }

    private void open() throws IOException {
        engine = Engine.open();
        directory = Files.createTempDirectory("holdfast-it");
        agent = new Agent(Agent.PRODUCT, directory.resolve("home"), engine);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (context.getExecutionException().isPresent()) {
            System.err.println("---- log of the agent in " + context.getDisplayName() + "\n" + agent().log());
        }
        if (!shared) {
            leave();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        leave();
    }

    private void leave() throws IOException, InterruptedException {
        agent().close();
        engine().sweep();
        PodCgroupDirs.remove(agent().home());
        engine().close();
        deleteTree(directory());
    }

    /** What a failed test left mounted goes first. */
    private static void deleteTree(Path tree) throws IOException, InterruptedException {
        for (String mount : Files.readAllLines(Path.of("/proc/self/mounts")).reversed()) {
            String at = mount.split(" ", -1)[1];
            if (at.startsWith(tree + "/")) {
                run("umount", at);
            }
        }
        run("rm", "-rf", "--one-file-system", tree.toString());
    }

    /** What is mounted below the home is seen in other mount namespaces, too, as it is where systemd has started all. */
    void shareMounts() throws IOException, InterruptedException {
        String home = agent().home().toString();
        assertThat(run("mount", "--bind", home, home) + run("mount", "--make-rshared", home)).isZero();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /** SIGKILL. */
    void killDaemon() throws IOException, InterruptedException {
        script("kill-daemon");
    }

    void startDaemon() throws IOException, InterruptedException {
        script("start-daemon");
        awaitReady();
    }

    /** With SIGTERM. */
    void restartDaemon() throws IOException, InterruptedException {
        script("restart-daemon");
        awaitReady();
    }

    /** @param onOff whether containers outlive Docker's daemon */
    void liveRestore(String onOff) throws IOException, InterruptedException {
        script("live-restore", onOff);
    }

    /** The test images are there again. */
    void loadImages() throws IOException, InterruptedException {
        script("images");
    }

    private static void script(String command, String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(Agent.property("holdfast.engine.script"), command,
                Agent.property("holdfast.engine")));
        words.addAll(List.of(options));
        assertThat(run(words.toArray(String[]::new))).as("%s", words).isZero();
    }

    /** containerd answers a moment before its CRI does. */
    private void awaitReady() {
        await().ignoreExceptions().pollInterval(Duration.ofMillis(20)).untilAsserted(engine()::containers);
    }

    Agent agent() {
        return Objects.requireNonNull(agent);
    }

    Engine engine() {
        return Objects.requireNonNull(engine);
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
                .until(() -> engine().running(pod + "-" + Agent.NODE), c -> c.size() == 1).getFirst();
    }

    /**
     * Waits until this container of the pod runs.
     *
     * @param pod without the node's name
     */
    Container container(String pod, String name) {
        return await().atMost(SOON).pollInterval(Duration.ofMillis(20))
                .until(() -> engine().running(pod + "-" + Agent.NODE).stream()
                        .filter(c -> name.equals(c.labels().get("io.kubernetes.container.name"))).toList(), c -> c.size() == 1)
                .getFirst();
    }

    /** Puts manifests of so many pods there, which are called p0, p1, …; their names with the node's. */
    List<String> sleepers(int count) throws IOException {
        List<String> pods = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            agent().manifest("p" + i + ".yaml", Pods.sleeper("p" + i));
            pods.add("p" + i + "-" + Agent.NODE);
        }
        return pods;
    }

    /**
     * Waits until each of these pods runs in one container, and nothing else runs.
     *
     * @param pods with the node's name
     * @return the containers' ids, by pod
     */
    Map<String, String> running(List<String> pods) {
        soon(() -> assertThat(engine().running()).extracting(Container::pod).containsExactlyInAnyOrderElementsOf(pods));
        return engine().running().stream().collect(Collectors.toMap(Container::pod, Container::id));
    }

    void gone(String pod) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(50))
                .until(() -> engine().sandboxes(pod + "-" + Agent.NODE).isEmpty());
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

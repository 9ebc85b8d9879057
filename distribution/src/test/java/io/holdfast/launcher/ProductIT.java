package io.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProductIT {

    private final Path home;

    ProductIT(@TempDir Path temp) {
        this.home = temp.resolve("home");
    }

    @Test
    void everyBundleIsActiveAndNothingIsWrongWithTheDefaultConfiguration() throws Exception {
        try (Agent agent = Agent.start(home)) {
            agent.await("late bundles", () -> bundles(agent).stream().allMatch(line -> line.contains("|Active ")));

            assertThat(bundles(agent)).hasSize(1 + lastBundle());
            assertThat(agent.log()).doesNotContain(" ERROR ").doesNotContain("cannot read");
        }
    }

    @Test
    void anEmptyHomeIsFilledWithDefaults() throws Exception {
        try (Agent agent = Agent.start(home)) {
            assertThat(agent.log()).contains("home=" + home);
            assertThat(home.resolve("config")).isDirectoryContaining("glob:**/io.holdfast.node.cfg");
            assertThat(home.resolve("manifests")).isEmptyDirectory();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("run"))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aSecondAgentInTheSameHomeIsRefused() throws Exception {
        try (Agent agent = Agent.start(home)) {
            Agent.Ran second = Agent.run(Map.of(), "run", "--home", home.toString());

            assertThat(second.code()).isEqualTo(1);
            assertThat(second.output()).contains("already running", "pid " + agent.pid());
        }
    }

    @Test
    void anAgentThatWasKilledDoesNotStandInTheWay() throws Exception {
        Agent.start(home).close(); // SIGKILL

        try (Agent again = Agent.start(home)) {
            assertThat(again.ask("lb").code()).isZero();
        }
    }

    @Test
    void anAgentKilledWhileItInstallsItsBundlesStartsThemAllTheNextTime() throws Exception {
        try (Agent agent = Agent.launch(home)) {
            Path last = home.resolve("var/bundle-cache/bundle" + lastBundle());
            agent.await("the last bundle", () -> Files.exists(last));
        } // SIGKILL

        try (Agent again = Agent.start(home)) {
            again.await("all bundles", () -> bundles(again).stream().allMatch(line -> line.contains("|Active ")));

            assertThat(bundles(again)).hasSize(1 + lastBundle());
            again.await("stamp", () -> Files.exists(home.resolve("var/bundle-cache.stamp")));
        }
    }

    @Test
    void aBundleThatWasStoppedStaysSoThoughTheAgentIsKilled() throws Exception {
        try (Agent agent = Agent.start(home)) {
            agent.await("stamp", () -> Files.exists(home.resolve("var/bundle-cache.stamp")));
            agent.await("bundle", () -> output(agent, "lb").contains("|Active     |    1|Holdfast: mirror"));
            agent.ask("stop io.holdfast.mirror");
        }

        try (Agent again = Agent.start(home)) {
            again.await("others", () -> output(again, "lb").contains("|Active     |    1|Holdfast: endpoint"));
            assertThat(output(again, "lb")).containsPattern("\\|(Installed|Resolved) *\\|    1\\|Holdfast: mirror");
        }
    }

    @Test
    void sigtermEndsItWithinASecondAndWithoutError() throws Exception {
        try (Agent agent = Agent.start(home)) {
            agent.await("shell", () -> Files.exists(home.resolve("run/shell.sock")));
            Instant before = Instant.now();

            assertThat(agent.terminate()).isZero();

            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(1));
            assertThat(agent.log()).doesNotContain(" ERROR ");
        }
    }

    @Test
    void aConfigurationFileIsReadWhenItIsSaved() throws Exception {
        try (Agent agent = Agent.start(home)) {
            config("io.holdfast.source.file~more.cfg", "path = ${holdfast.home}/more");

            agent.await("new source", () -> output(agent, "source:list").contains("file~more"));

            Files.delete(home.resolve("config/io.holdfast.source.file~more.cfg"));
            agent.await("its end", () -> !output(agent, "source:list").contains("file~more"));
        }
    }

    @Test
    void aWrongConfigurationKeyIsOneReadableLine() throws Exception {
        try (Agent agent = Agent.start(home)) {
            config("io.holdfast.source.file~more.cfg", "path = /tmp\npaht = /tmp");

            agent.await("message", () -> agent.log().contains("did you mean"));

            assertThat(agent.log()).contains("cannot read 'paht'; did you mean 'path'?").doesNotContain("\tat ");
        }
    }

    @Test
    void aJarPutIntoBundlesIsInstalledAndOneTakenAwayIsUninstalled() throws Exception {
        Files.createDirectories(home.resolve("bundles"));
        try (Agent agent = Agent.start(home)) {
            Path jar = home.resolve("bundles/mine.jar");
            bundle(jar, "mine");
            agent.await("bundle", () -> output(agent, "lb").contains("mine"));

            Files.delete(jar);
            agent.await("its end", () -> !output(agent, "lb").contains("mine"));
        }
    }

    private List<String> bundles(Agent agent) {
        return output(agent, "lb").lines().filter(line -> line.matches("\\s*\\d+\\|.*")).toList();
    }

    private static int lastBundle() throws IOException {
        return jars("lib/system") + jars("lib/late") + jars("bundles");
    }

    private static int jars(String directory) throws IOException {
        try (Stream<Path> files = Files.list(Agent.DIST.resolve(directory))) {
            return (int) files.filter(file -> file.toString().endsWith(".jar")).count();
        }
    }

    private static String output(Agent agent, String command) {
        try {
            return agent.ask(command).output();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void config(String name, String content) throws IOException {
        Files.writeString(home.resolve("config").resolve(name), content + "\n");
    }

    private static void bundle(Path jar, String name) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out, manifest)) {
            entries.finish();
        }
    }
}

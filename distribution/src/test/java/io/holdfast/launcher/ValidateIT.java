package io.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.launcher.Agent.Ran;

/** {@code holdfast validate}, without an agent and in one. */
class ValidateIT {

    private static final String WEB = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec: {containers: [{name: main, image: busybox}]}
            """;

    @TempDir
    private Path temp;
    private Path work = Path.of("/");
    private String home = "";

    @BeforeEach
    void write() throws IOException {
        work = Files.createDirectories(temp.resolve("work/dir"));
        home = temp.resolve("home").toString();
        write("web.yaml", WEB);
        write("bad.yaml", WEB.replace("image", "imag"));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(work.resolve(name), text);
    }

    @Test
    void whereNoAgentEverRanFilesAreCheckedAndNothingIsWritten() throws Exception {
        Ran ran = Agent.runIn(work, "", "--home", home, "validate", "--node", "n", "web.yaml", "bad.yaml");

        assertThat(ran).isEqualTo(new Ran(1, """
                web.yaml: pod default/web-n is good
                bad.yaml:4:21 spec.containers[0].image: is required
                bad.yaml:4:34 spec.containers[0].imag: unknown field; did you mean 'image'?
                2 files, 1 good pod, 2 problems (node n)
                """));
        assertThat(Path.of(home)).doesNotExist();
    }

    @Test
    void aDirectoryAndStandardInputAreRead() throws Exception {
        Files.delete(work.resolve("bad.yaml"));

        assertThat(Agent.runIn(temp.resolve("work"), "{", "validate", "dir", "-").code()).isEqualTo(1);
        assertThat(Agent.runIn(temp.resolve("work"), WEB.replace("web", "api"), "validate", "--node=n", "dir", "-"))
                .isEqualTo(new Ran(0, """
                        dir/web.yaml: pod default/web-n is good
                        stdin: pod default/api-n is good
                        2 files, 2 good pods, 0 problems (node n)
                        """));
    }

    @Test
    void namesOfAnyLanguageAreReadInAnyLocale() throws Exception {
        write("wéb pod.yaml", WEB);

        assertThat(Agent.run(Map.of("LC_ALL", "C"), "validate", work.resolve("wéb pod.yaml").toString()).output())
                .contains("wéb pod.yaml: pod default/web-");
    }

    @Test
    void whatCannotBeCheckedIsExitCode2() throws Exception {
        assertThat(Agent.runIn(work, "", "validate", "gone.yaml").code()).isEqualTo(2);
        assertThat(Agent.runIn(work, "", "validate", "--dif", "web.yaml").output())
                .startsWith("holdfast validate: no option '--dif'; did you mean '--diff'?\nusage: ");
        assertThat(Agent.run(Map.of("HOLDFAST_JAVA", "/none"), "validate", "x").code()).isEqualTo(2);
        assertThat(Agent.run(Map.of(), "validate", "--home").code()).isEqualTo(2);
        assertThat(Agent.run(Map.of(), "validate", "--help")).satisfies(help -> {
            assertThat(help.code()).isZero();
            assertThat(help.output()).contains("Exit code: 0 all good, 1 problems found, 2 ");
        });
    }

    @Test
    void theDifferenceToWhatIsInForceIsTheSameInTheAgentAndWithoutIt() throws Exception {
        try (Agent agent = Agent.start(Path.of(home))) {
            Path config = Path.of(home, "config/io.holdfast.node.cfg");
            Files.writeString(config, Files.readString(config).replace("#name = node1", "name = n1"));
            Files.writeString(Path.of(home, "manifests/web.yaml"), WEB);
            Path lastGood = Path.of(home, "var/manifests/file~main.json");
            agent.await("last good manifest", () -> contains(lastGood, "web-n1"));
            write("web.yaml", WEB.replace("busybox", "nginx"));

            Ran live = Agent.runIn(work, "", "--home", home, "manifest:validate", "--diff", "web.yaml");

            assertThat(live).isEqualTo(new Ran(0, """
                    web.yaml: pod default/web-n1 is good and would be replaced (in force from web.yaml of source file~main)
                        spec.containers[main].image: "busybox" -> "nginx"
                    1 file, 1 good pod, 0 problems; on node n1: 0 new, 0 unchanged, 1 replaced, 0 kept, 0 removed, \
                    of 1 pod in force
                    """));
            assertThat(Agent.runIn(work, "", "validate", "--home", home, "--diff", "web.yaml")).isEqualTo(live);
            Path other = Files.createDirectory(temp.resolve("wörk"));
            Files.copy(work.resolve("web.yaml"), other.resolve("web.yaml"));
            assertThat(Agent.runIn(other, "", "--home", home, "manifest:validate", "--diff", "web.yaml")).isEqualTo(live);
            assertThat(Agent.runIn(work, "cd ..\nvalidate dir/bad.yaml\n", "--home", home, "shell").output())
                    .contains("dir/bad.yaml:4:21 spec.containers[0].image: is required\n");
            assertThat(agent.log()).doesNotContain("nginx").doesNotContain("is required");
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.exists(file) && Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

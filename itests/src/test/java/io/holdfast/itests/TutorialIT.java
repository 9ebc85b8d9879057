package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Follows the README's tutorial word for word, but for building Holdfast, which this build has just done. */
class TutorialIT {

    private static final String TITLE = "## A source of your own\n";
    private static final Pattern COMMANDS = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);
    private static final Path ARCHETYPE = Path.of(Agent.property("holdfast.archetype")).toAbsolutePath().normalize();
    private static final Path CHECKOUT = Path.of(Agent.property("holdfast.readme")).toAbsolutePath().resolveSibling(".")
            .normalize();
    private static final Path REPOSITORY = ARCHETYPE.resolve("repository");

    /** Downloads included, on a machine that has never built anything. */
    private static final long MINUTES = 10;

    @RegisterExtension
    final Lab lab = new Lab();

    @Test
    void aSourceMadeFromTheArchetypeRunsItsPods() throws Exception {
        List<String> steps = steps();
        assertThat(steps).hasSize(6);
        assertThat(steps.getFirst()).as("what this build replaces").contains("mvn -DskipTests -DskipITs install\n")
                .contains("export HOLDFAST=").contains(" DIR=").hasLineCount(2);
        assertThat(REPOSITORY.resolve("io/holdfast/source-archetype")).as("put there by the build").isDirectory();
        lab.agent().start();
        Files.writeString(Files.createDirectory(lab.directory().resolve(".mvn")).resolve("maven.config"),
                "--global-settings\n" + ARCHETYPE.resolve("test-classes/settings.xml") + "\n");

        bash(CHECKOUT, steps.get(1));
        Path project = lab.directory().resolve("sources/my-pods");
        assertThat(CHECKOUT.resolve("my-pods")).doesNotExist();
        assertThat(project.resolve("target/surefire-reports")).as("its tests were run").isNotEmptyDirectory();
        bash(project, steps.get(2));
        bash(project, steps.get(3));
        String one = lab.running("hello-1").id();
        String two = lab.running("hello-2").id();
        soon(() -> assertThat(bash(project, steps.get(4))).containsPattern("my-pods~main +watching")
                .containsPattern("hello-1-node1 +1/1 +Running").containsPattern("hello-2-node1 +1/1 +Running"));

        bash(project, "find src -name '*.java' | xargs sed -i s/output-/mine-/g\nmvn package\n" + steps.get(3));
        soon(() -> assertThat(lab.agent().cli("pod:describe", "hello-1").out()).contains("mine-1"));
        assertThat(lab.running("hello-1").id()).as("runs on").isEqualTo(one);
        assertThat(lab.running("hello-2").id()).as("runs on").isEqualTo(two);

        bash(project, steps.get(5));
        lab.gone("hello-1");
        lab.gone("hello-2");
    }

    private static List<String> steps() throws IOException {
        String readme = Files.readString(Path.of(Agent.property("holdfast.readme")));
        assertThat(readme).contains(TITLE);
        String section = readme.substring(readme.indexOf(TITLE) + TITLE.length()).split("\n## ", 2)[0];
        return COMMANDS.matcher(section).results().map((MatchResult step) -> step.group(1)).toList();
    }

    /** Runs the commands as they stand; what they printed. */
    private String bash(Path directory, String commands) throws IOException, InterruptedException {
        List<String> shell = new ArrayList<>(List.of("bash", "-euo", "pipefail", "-c", commands));
        Path log = lab.directory().resolve("tutorial.log");
        ProcessBuilder builder = new ProcessBuilder(shell).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("HOME", lab.directory().toString());
        builder.environment().put("HOLDFAST", Path.of(Agent.property("holdfast.dist")).toAbsolutePath().toString());
        builder.environment().put("DIR", lab.agent().home().toString());
        builder.environment().put("MAVEN_OPTS", "-Dmaven.repo.local=" + REPOSITORY);
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        String printed = Files.readString(log);
        assertThat(process.waitFor()).as("%s\nprinted\n%s", commands, printed).isZero();
        return printed;
    }
}

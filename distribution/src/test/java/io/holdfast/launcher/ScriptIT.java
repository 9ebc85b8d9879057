package io.holdfast.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bin/holdfast says by itself. */
class ScriptIT {

    @TempDir
    private Path temp;

    @Test
    void withoutAgentACommandSaysHowToStartOne() throws Exception {
        Agent.Ran ran = Agent.run(Map.of(), "--home", temp.toString(), "pod:list");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.output()).contains("no agent is running in " + temp, "run --home " + temp);
    }

    @Test
    void whoMayNotEnterTheAgentsDirectoryIsToldSo() throws Exception {
        Path script = Files.createDirectory(temp.resolve("bin")).resolve("holdfast");
        Files.copy(Agent.DIST.resolve("bin/holdfast"), script, StandardCopyOption.COPY_ATTRIBUTES);
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(Files.createDirectory(temp.resolve("run")), Set.of());
        List<String> command = new ArrayList<>(List.of(script.toString(), "pod:list"));
        if (System.getProperty("user.name").equals("root")) { // who may enter everything
            command.addAll(0, List.of("setpriv", "--reuid=65534", "--clear-groups"));
        }

        Process process = new ProcessBuilder(command).directory(temp.toFile()).redirectErrorStream(true).start();

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEqualTo("holdfast: permission denied: "
                + temp + "/run\nholdfast: ask as the user the agent runs as\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void anOldJavaIsNamedWithWhatIsNeeded() throws Exception {
        Agent.Ran ran = Agent.run(Map.of("HOLDFAST_JAVA", jdk("17.0.15").toString()), "run", "--home", temp.toString());

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.output()).contains("needs Java 25 or newer", "found 17.0.15 in " + temp.resolve("jdk"));
    }

    @Test
    void aJavaHomeThatIsTooOldIsPassedOver() throws Exception {
        Agent.Ran ran = Agent.run(Map.of("JAVA_HOME", jdk("17.0.15").toString()), "run", "--home", longPath());

        assertThat(ran.output()).contains("control socket is too long").doesNotContain("needs Java");
    }

    @Test
    void aHomeWhoseSocketCannotBeBoundIsRefusedAtOnce() throws Exception {
        Agent.Ran ran = Agent.run(Map.of(), "run", "--home", longPath());

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.output()).contains("107 bytes at most", "shorter --home");
    }

    @Test
    void homeMayStandBeforeOrAfterTheCommand() throws Exception {
        Path home = temp.resolve("nothing here");

        assertThat(Agent.run(Map.of(), "--home", home.toString(), "shell").output()).contains(home.toString());
        assertThat(Agent.run(Map.of(), "shell", "--home", home.toString()).output()).contains(home.toString());
        assertThat(Agent.run(Map.of(), "shell", "--home=" + home).output()).contains(home.toString());
    }

    @Test
    void helpAndVersionNeedNoJava() throws Exception {
        assertThat(Agent.run(Map.of("HOLDFAST_JAVA", "/none"), "help").output()).contains("holdfast run", "HOLDFAST_LOG");
        assertThat(Agent.run(Map.of("HOLDFAST_JAVA", "/none"), "version").output()).startsWith("holdfast ");
    }

    @Test
    void aJarThatWasReplacedIsNotReadFromTheCacheOfTheOneBefore() throws Exception {
        Path product = temp.resolve("product");
        new ProcessBuilder("cp", "-a", Agent.DIST.toString(), product.toString()).start().waitFor();
        assertThat(asked(product, "validate", "-")).contains("-XX:AOTCache=" + product.resolve("lib/validate.aot"));

        FileTime before = Files.getLastModifiedTime(product.resolve("bundles/io.holdfast.manifest.jar"));
        Files.copy(product.resolve("bundles/io.holdfast.api.jar"), product.resolve("bundles/io.holdfast.manifest.jar"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(product.resolve("bundles/io.holdfast.manifest.jar"), before);
        assertThat(asked(product, "validate", "-")).contains("io.holdfast.manifest.Validate").doesNotContain("AOTCache");
    }

    /** What Java would be called with. */
    private String asked(Path product, String... words) throws IOException {
        Path java = Path.of(ProcessHandle.current().info().command().orElseThrow()).toRealPath();
        Path jdk = temp.resolve("talking");
        Files.createDirectories(jdk.resolve("bin"));
        Files.copy(java.resolveSibling("../release"), jdk.resolve("release"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\necho \"$@\"\n");
        jdk.resolve("bin/java").toFile().setExecutable(true);
        List<String> command = new ArrayList<>(List.of(product.resolve("bin/holdfast").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HOLDFAST_JAVA", jdk.toString());
        return new String(builder.start().getInputStream().readAllBytes(), UTF_8);
    }

    private String longPath() {
        return temp.resolve("x".repeat(110)).toString();
    }

    private Path jdk(String version) throws IOException {
        Path jdk = temp.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Files.createFile(jdk.resolve("bin/java")).toFile().setExecutable(true);
        return jdk;
    }
}

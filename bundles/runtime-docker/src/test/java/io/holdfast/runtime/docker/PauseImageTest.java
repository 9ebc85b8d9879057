package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.runtime.RuntimeRefused;

/** The program of sandboxes, and how the Engine comes by it. */
class PauseImageTest {

    private static final String NATIVE = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";

    @TempDir
    Path dir;

    private FakeDocker docker;
    private Engine engine;

    @BeforeEach
    void connect() throws Exception {
        docker = new FakeDocker(dir.resolve("s"));
        engine = new Engine(new Endpoint(dir.resolve("s")));
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
        docker.close();
    }

    @ParameterizedTest
    @CsvSource({"amd64, 62", "arm64, 183"})
    void itIsASmallStaticProgramForEachArchitecture(String arch, int machine) {
        ByteBuffer elf = ByteBuffer.wrap(PauseImage.program(arch)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(elf.capacity()).isLessThan(2048);
        assertThat(elf.getInt(0)).as("magic").isEqualTo(0x464c457f);
        assertThat(elf.get(4)).as("64 bits").isEqualTo((byte) 2);
        assertThat(elf.getShort(16)).as("an executable at a fixed address").isEqualTo((short) 2);
        assertThat(elf.getShort(18)).isEqualTo((short) machine);
        for (int i = 0; i < elf.getShort(56); i++) {
            assertThat(elf.getInt((int) elf.getLong(32) + i * elf.getShort(54)))
                    .as("no interpreter, nothing dynamic").isNotIn(2, 3);
        }
    }

    @Test
    void forAnArchitectureThatItIsNotMadeForTheErrorSaysWhatToDo() {
        assertThatThrownBy(() -> PauseImage.program("s390x")).isInstanceOf(RuntimeRefused.class)
                .hasMessageContaining("s390x").hasMessageContaining("give Docker an image io.holdfast/pause:1");
    }

    @Test
    void itWaitsUntilItIsToldToEnd() throws Exception {
        Path program = Files.write(dir.resolve("pause"), PauseImage.program(NATIVE));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Process process = new ProcessBuilder(program.toString()).start();
        try {
            assertThat(process.waitFor(200, TimeUnit.MILLISECONDS)).as("ended by itself").isFalse();
            process.destroy(); // SIGTERM
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theArchiveHasTheProgramAsAnExecutable() throws Exception {
        Path tar = Files.write(dir.resolve("t.tar"), PauseImage.tar(PauseImage.program("amd64")));
        Process list = new ProcessBuilder("tar", "-tvf", tar.toString()).redirectErrorStream(true).start();
        assertThat(new String(list.getInputStream().readAllBytes(), ISO_8859_1)).startsWith("-rwxr-xr-x 0/0")
                .endsWith(" pause\n").contains(" " + PauseImage.program("amd64").length + " ");
        assertThat(list.waitFor()).isZero();
    }

    @Test
    void itIsGivenToAnEngineThatLacksItAndTheSandboxIsMadeThen() throws Exception {
        docker.reply("POST /images/create", 200, "{\"status\": \"sha256:1\"}");
        docker.reply("POST /containers/create", 404, "{\"message\": \"No such image: io.holdfast/pause:1\"}");
        assertThatThrownBy(() -> new Creation(engine).sandbox("n", Map.of())).isInstanceOf(RuntimeRefused.class);
        assertThat(docker.count("POST /containers/create")).isEqualTo(2);
        FakeDocker.Call made = docker.calls.value().stream().filter(c -> c.target().startsWith("/images/create"))
                .findFirst().orElseThrow();
        assertThat(made.target()).contains("fromSrc=-", "repo=io.holdfast/pause", "tag=1", "ENTRYPOINT [\"/pause\"]");
        byte[] sent = made.body().getBytes(ISO_8859_1);
        byte[] program = PauseImage.program("amd64");
        assertThat(Arrays.copyOfRange(sent, 512, 512 + program.length)).isEqualTo(program);
    }

    @Test
    void anImportThatFailsIsARefusalWithTheEnginesReason() throws Exception {
        docker.reply("POST /images/create", 200, "{\"errorDetail\": {}, \"error\": \"no space left on device\"}");
        assertThatThrownBy(() -> new PauseImage(engine).provide()).isInstanceOf(RuntimeRefused.class)
                .hasMessage("no space left on device");
    }

    @Test
    void itIsNotGivenToAnEngineThatHasIt() throws Exception {
        docker.reply("GET /images/io.holdfast/pause:1/json", 200, "{\"Id\": \"sha256:1\"}");
        new PauseImage(engine).provide();
        assertThat(docker.count("POST /images/create")).isZero();
    }
}

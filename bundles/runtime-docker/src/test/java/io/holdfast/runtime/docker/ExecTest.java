package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.runtime.ContainerExec.Result;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;

/** How a command's end is understood; the real thing is in the contract. */
class ExecTest {

    private static final String ID = "f00dcafe";

    @TempDir
    Path dir;

    private FakeDocker docker;
    private Engine engine;

    @BeforeEach
    void connect() throws Exception {
        docker = new FakeDocker(dir.resolve("s"));
        docker.reply("POST /containers/" + ID + "/exec", 201, "{\"Id\": \"e\"}");
        engine = new Engine(Endpoint.parse("unix://" + dir.resolve("s")));
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
        docker.close();
    }

    private Result exec(Duration timeout) throws InterruptedException {
        return new Exec(engine).run(ID, List.of("probe"), timeout);
    }

    private static byte[] frame(int stream, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return ByteBuffer.allocate(8 + bytes.length).put(0, (byte) stream).putInt(4, bytes.length).put(8, bytes).array();
    }

    private void writes(String text) {
        docker.stream("POST /exec/e/start", 200, out -> out.write(frame(1, text)));
    }

    private void isSaid(String running, String code, long pid) {
        docker.reply("GET /exec/e/json", 200,
                "{\"Running\": %s, \"ExitCode\": %s, \"Pid\": %d}".formatted(running, code, pid));
    }

    @Test
    void outputComesInTheOrderItWasWrittenInAndIsCut() throws Exception {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (byte[] frame : List.of(frame(1, "out "), frame(2, "err "), frame(1, ""), frame(1, "z".repeat(20_000)))) {
            sent.writeBytes(frame);
        }
        Exec.take(new ByteArrayInputStream(sent.toByteArray()), kept);
        assertThat(kept.toString(UTF_8)).startsWith("out err zzz").hasSize(Result.MOST_OUTPUT);
    }

    @Test
    void theExitCodeIsAwaitedWhenTheOutputHasEndedBeforeIt() throws Exception {
        writes("done");
        isSaid("true", "null", 0);
        Thread ending = Thread.ofVirtual().start(() -> {
            while (docker.count("GET /exec/e/json") < 3) {
                Thread.onSpinWait();
            }
            isSaid("false", "4", 77);
        });
        assertThat(exec(Duration.ofSeconds(10))).isEqualTo(new Result.Exited(4, "done"));
        ending.join();
    }

    @Test
    void whatCouldNotBeRunIsRefusedInDockersWords() {
        writes("OCI runtime exec failed: exec failed: unable to start container process: exec: \"probe\": not found: unknown\r\n");
        isSaid("false", "127", 0);
        assertThatThrownBy(() -> exec(Duration.ofSeconds(1))).isInstanceOf(RuntimeRefused.class)
                .hasMessageContaining("exec: \"probe\": not found").message().doesNotContain("unknown", "OCI");
    }

    @Test
    void anEndedCommandCountsAlsoWhenItsChildrenHaveItsOutputOpen() throws Exception {
        docker.hang("POST /exec/e/start", "");
        isSaid("false", "0", 77);
        assertThat(exec(Duration.ofMillis(100))).isEqualTo(new Result.Exited(0, ""));
        assertThat(docker.hungUp.after(0, Duration.ofSeconds(10)).value()).as("nobody listens any more").isOne();
    }

    @Test
    void aProcessOfAnotherContainerIsNotKilledThoughDockerNamesItsNumber() throws Exception {
        Process other = new ProcessBuilder("sleep", "1000").start();
        try {
            docker.hang("POST /exec/e/start", new String(frame(2, "working"), UTF_8));
            isSaid("true", "null", other.pid());
            assertThat(exec(Duration.ofMillis(300))).isEqualTo(new Result.TimedOut("working"));
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void anErrorIsNoResult() { // P3
        docker.reply("POST /containers/" + ID + "/exec", 409, "{\"message\": \"Container x is not running\"}");
        assertThatThrownBy(() -> exec(Duration.ofSeconds(1))).isInstanceOf(RuntimeRefused.class)
                .hasMessage("Container x is not running");
        docker.reply("POST /containers/" + ID + "/exec", 201, "{\"Id\": \"gone\"}");
        assertThatThrownBy(() -> exec(Duration.ofSeconds(1))).isInstanceOf(RuntimeRefused.class)
                .hasMessage("no such thing");
        docker.reply("POST /containers/" + ID + "/exec", 500, "{\"message\": \"error while dialing\"}");
        assertThatThrownBy(() -> exec(Duration.ofSeconds(1))).isInstanceOf(RuntimeUnreachable.class);
    }
}

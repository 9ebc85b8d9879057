package io.holdfast.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The product as a user has it: bin/holdfast and a home. */
final class Agent implements AutoCloseable {

    static final Path DIST = Path.of(System.getProperty("holdfast.dist"));
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path home;
    private final Path log;
    private final Process process;

    /** What a command left: its exit code and all that it wrote. */
    record Ran(int code, String output) {
    }

    private Agent(Path home) throws IOException {
        this.home = home;
        this.log = Files.createTempFile("agent", ".log");
        log.toFile().deleteOnExit();
        this.process = holdfast(Map.of(), "run", "--home", home.toString()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
    }

    /** Runs an agent in a home without a container engine. */
    static Agent start(Path home) throws IOException, InterruptedException {
        Agent agent = launch(home);
        agent.await("start", () -> agent.log().contains(" started in "));
        return agent;
    }

    /** As {@link #start}, but without waiting for it. */
    static Agent launch(Path home) throws IOException {
        return new Agent(home);
    }

    static Ran run(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        return run(holdfast(environment, words), "");
    }

    /** In a directory, with something on standard input. */
    static Ran runIn(Path directory, String input, String... words) throws IOException, InterruptedException {
        return run(holdfast(Map.of(), words).directory(directory.toFile()), input);
    }

    private static Ran run(ProcessBuilder command, String input) throws IOException, InterruptedException {
        Process process = command.redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ran(process.waitFor(), output);
    }

    Ran ask(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--home", home.toString()));
        all.addAll(List.of(words));
        return run(Map.of(), all.toArray(String[]::new));
    }

    private static ProcessBuilder holdfast(Map<String, String> environment, String... words) {
        List<String> command = new ArrayList<>(List.of(DIST.resolve("bin/holdfast").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder;
    }

    void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end) || !process.isAlive()) {
                fail("no %s; the log is:%n%s", what, log());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** SIGTERM; returns the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            fail("does not end; the log is:%n%s", log());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}

package io.holdfast.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The agent as a user has it: the assembled distribution, started by its own launcher, in a home of its own. */
public final class Agent implements AutoCloseable {

    public static final String NODE = "node1";
    public static final String IMAGE = "localhost/holdfast/busybox:1";

    public static final Path PRODUCT = Path.of(property("holdfast.dist"));
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path product;
    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private @Nullable Process process;

    /** What a command printed, and its exit code. */
    public record Output(int exitCode, String out, String err) {
    }

    /** On an engine with CRI. */
    public Agent(Path home, Path engineSocket) throws IOException {
        this(PRODUCT, home, "io.holdfast.runtime.cri", engineSocket);
    }

    /** @param product a copy of the distribution, for tests that change what is in it */
    public Agent(Path product, Path home, Engine engine) throws IOException {
        this(product, home, engine.bundle(), engine.socket());
    }

    private Agent(Path product, Path home, String runtime, Path engineSocket) throws IOException {
        this.product = product;
        this.home = home;
        Files.createDirectories(manifests());
        configureNode();
        config(runtime, "endpoint=unix://" + engineSocket);
        config("io.holdfast.source.file~main", "path=" + manifests());
    }

    /** One more engine. */
    void use(Engine engine) throws IOException {
        config(engine.bundle(), "endpoint=unix://" + engine.socket());
    }

    void configureNode(String... more) throws IOException {
        List<String> lines = new ArrayList<>(List.of("name=" + NODE, "state.directory=" + home.resolve("var"),
                "pod.log.directory=" + home.resolve("log/pods")));
        lines.addAll(List.of(more));
        config("io.holdfast.node", lines.toArray(String[]::new));
    }

    static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("system property " + name + " is not set; the build sets it");
        }
        return value;
    }

    private String launcher() {
        return product.resolve("bin/holdfast").toString();
    }

    public Path home() {
        return home;
    }

    Path bundles() {
        return product.resolve("bundles");
    }

    public Path manifests() {
        return home.resolve("manifests");
    }

    public Path logDirectory() {
        return home.resolve("log/pods");
    }

    public void config(String pid, String... lines) throws IOException {
        put(home.resolve("config").resolve(pid + ".cfg"), String.join("\n", lines) + "\n");
    }

    public void removeConfig(String pid) throws IOException {
        Files.delete(home.resolve("config").resolve(pid + ".cfg"));
    }

    /** For the agent's process, from the next start on. */
    Map<String, String> environment() {
        return environment;
    }

    public Agent start() throws IOException {
        ProcessBuilder agent = new ProcessBuilder(launcher(), "run", "--home", home.toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
        agent.environment().putAll(environment);
        process = agent.start();
        return this;
    }

    public Process process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    public long pid() {
        return process().pid();
    }

    /** SIGTERM, and how long it took to end. */
    public Duration stop() throws InterruptedException {
        long begin = System.nanoTime();
        process().destroy();
        if (!process().waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the agent did not end after SIGTERM");
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process().destroyForcibly().waitFor();
    }

    /** Everything the agent has written since the home was made. */
    public String log() {
        try {
            return Files.exists(logFile()) ? Files.readString(logFile()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path logFile() {
        return home.resolve("agent.log");
    }

    /** Renames a complete manifest into place. */
    public void manifest(String file, String text) throws IOException {
        put(manifests().resolve(file), text);
    }

    /** Writes a manifest beside the directory, to be placed later. */
    public Path stage(String file, String text) throws IOException {
        Files.createDirectories(staged(file).getParent());
        return Files.writeString(staged(file), text);
    }

    public Path staged(String file) {
        return home.resolve("staged").resolve(file);
    }

    /** Renames a staged manifest into place, and does nothing else. */
    public void place(Path staged, String file) throws IOException {
        Files.move(staged, manifests().resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    public void remove(String file) throws IOException {
        Files.delete(manifests().resolve(file));
    }

    private static void put(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Path next = file.resolveSibling("." + file.getFileName() + ".next");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** {@code bin/holdfast --home HOME WORDS…} */
    public Output cli(String... words) throws IOException, InterruptedException {
        return client("", words);
    }

    /** Types lines into {@code holdfast shell}, all of them in one session. */
    Output shell(String... lines) throws IOException, InterruptedException {
        return client(String.join("\n", lines) + "\n", "shell");
    }

    private Output client(String input, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher(), "--home", home.toString()));
        command.addAll(List.of(words));
        return run(command, input);
    }

    static Output run(List<String> command, String input) throws IOException, InterruptedException {
        Path err = Files.createTempFile("holdfast", ".err");
        try {
            Process client = new ProcessBuilder(command).redirectError(err.toFile()).start();
            try (var in = client.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException _) { // it has ended without reading: the exit code tells
            }
            String out = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Output(client.waitFor(), out, Files.readString(err));
        } finally {
            Files.delete(err);
        }
    }

    /** The JSON answers in what a shell printed, in their order; none when the last was cut off. */
    static List<JsonNode> json(String printed) throws IOException {
        int begin = printed.indexOf("\n{");
        if (begin < 0) {
            return List.of();
        }
        List<JsonNode> answers = new ArrayList<>();
        try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(printed.substring(begin))) {
            while (values.hasNextValue()) {
                answers.add(values.nextValue());
            }
            return answers;
        } catch (JsonProcessingException _) {
            return List.of();
        }
    }

    /** As {@code pod:list -o json} has them; none while the agent does not answer. */
    JsonNode pods() throws IOException, InterruptedException {
        Output list = cli("pod:list", "-o", "json");
        return list.exitCode() == 0 ? JSON.readTree(list.out()).path("items") : JSON.missingNode();
    }

    /** One of {@link #pods}; a missing node when it is not listed. */
    public JsonNode pod(String name) throws IOException, InterruptedException {
        for (JsonNode pod : pods()) {
            if (pod.at("/metadata/name").asText().equals(name)) {
                return pod;
            }
        }
        return JSON.missingNode();
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            process.destroy();
            process.onExit().join();
        }
    }
}

package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.itests.Engine.Container;
import io.holdfast.itests.Example.Expectation;

/** The examples for users do what their comments say: what is on the node is looked at from inside of the containers. */
class ManifestsIT {

    private static final int BATCH = 14; // as many as start at once without waiting long for each other
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    @RegisterExtension
    final Lab lab = new Lab();

    @TestFactory
    Stream<DynamicTest> examples() throws Exception {
        List<Example> examples = Example.all(Path.of(Agent.property("holdfast.manifests")),
                lab.directory());
        assertThat(examples).hasSizeGreaterThan(40);
        lab.shareMounts();
        lab.agent().start();
        List<List<Example>> batches = IntStream.iterate(0, i -> i < examples.size(), i -> i + BATCH)
                .mapToObj(i -> examples.subList(i, Math.min(i + BATCH, examples.size()))).toList();
        return batches.stream().flatMap(this::batch);
    }

    private Stream<DynamicTest> batch(List<Example> examples) {
        Stream<DynamicTest> begin = Stream.of(dynamicTest("begin with " + examples.getFirst().file(), () -> {
            for (Example example : examples) {
                lab.agent().manifest(example.file(), example.text());
            }
        }));
        Stream<DynamicTest> tests = examples.stream().map(e -> dynamicTest(e.file(), () -> check(e)));
        Stream<DynamicTest> end = Stream.of(dynamicTest("leave nothing", () -> {
            for (Example example : examples) {
                lab.agent().remove(example.file());
            }
            await().atMost(PATIENCE).untilAsserted(this::nothingIsLeft);
        }));
        return Stream.of(begin, tests, end).flatMap(s -> s);
    }

    private void nothingIsLeft() throws IOException {
        assertThat(lab.engine().sandboxes()).isEmpty();
        assertThat(lab.agent().home().resolve("var/pods")).isEmptyDirectory();
        assertThat(lab.agent().logDirectory()).isEmptyDirectory();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(lab.agent().home() + "/var");
    }

    private void check(Example example) throws IOException {
        assertThat(example.expectations()).isNotEmpty();
        for (Expectation expectation : isTooMuch(example) ? refusal(example) : example.expectations()) {
            await(expectation.toString()).atMost(PATIENCE).pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() -> check(expectation));
        }
    }

    /** Docker gives all capabilities that the kernel knows, which fails where a machine such as CI's has not got them all. */
    private boolean isTooMuch(Example example) throws IOException {
        return example.text().contains("privileged: true") && lab.engine().runtime().equals("docker")
                && Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("CapEff:"))
                        .mapToInt(l -> Long.bitCount(Long.parseLong(l.substring(7).strip(), 16))).sum() <= lastCapability();
    }

    private static int lastCapability() throws IOException {
        // by lines: the kernel gives such a file as a whole only, and readString begins with a single byte
        return Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/kernel/cap_last_cap")).getFirst());
    }

    private static List<Expectation> refusal(Example example) {
        return example.expectations().stream().filter(Expectation.State.class::isInstance)
                .map(e -> (Expectation) new Expectation.State(((Expectation.State) e).pod(), "RunContainerError")).toList();
    }

    private void check(Expectation expectation) throws Exception {
        switch (expectation) {
            case Expectation.State(String pod, String state) -> assertThat(states(lab.status(pod))).contains(state);
            case Expectation.Message(String pod, var text) -> assertThat(
                    lab.status(pod).at("/containerStatuses/0/state/terminated/message").asText()).containsPattern(text);
            case Expectation.Log(String pod, String container, var text) -> assertThat(
                    lab.agent().cli("pod:logs", pod, "-c", container).out()).containsPattern(text);
            case Expectation.Prints(String pod, String container, String command, var text) -> assertThat(
                    lab.engine().exec(running(pod, container), "sh", "-c", command)).containsPattern(text);
        }
    }

    /** Its phase in small letters, every reason that is given, and whether it is ready. */
    private static List<String> states(JsonNode status) {
        boolean ready = status.path("conditions").valueStream()
                .anyMatch(c -> c.path("type").asText().equals("Ready") && c.path("status").asText().equals("True"));
        return Stream.of(Stream.of(status.path("phase").asText().toLowerCase(Locale.ROOT), ready ? "ready" : "not ready"),
                status.findValuesAsText("reason").stream()).flatMap(s -> s).toList();
    }

    private String running(String pod, String container) {
        return lab.engine().running(pod + "-" + Agent.NODE).stream()
                .filter(c -> container.equals(c.labels().get("io.kubernetes.container.name"))).map(Container::id)
                .findFirst().orElseThrow(() -> new AssertionError("no container " + container + " runs in " + pod));
    }
}

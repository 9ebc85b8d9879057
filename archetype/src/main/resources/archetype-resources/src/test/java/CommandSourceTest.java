package ${package};

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.holdfast.testkit.RecordingSink;
import io.holdfast.testkit.Watching;

/** What is this source's own. */
class CommandSourceTest {

    private final RecordingSink sink = new RecordingSink();
    private Watching watching;

    @AfterEach
    void stop() {
        if (watching != null) {
            watching.close();
        }
    }

    @Test
    void what_stands_between_the_separators_are_the_manifests() throws Exception {
        watch("printf 'a: 1\n--- # next\nb: 1\n---\n'");
        sink.awaitTexts(Map.of("output-1", "a: 1", "output-2", "b: 1"));
    }

    @Test
    void a_separator_alone_says_that_there_are_no_manifests() throws Exception {
        watch("echo ---");
        sink.awaitTexts(Map.of());
    }

    @Test
    void printing_nothing_is_a_failure() throws Exception {
        watch("true");
        assertThat(watching.failure()).hasMessageContaining("nothing printed");
    }

    @Test
    void what_a_failing_command_printed_does_not_count() throws Exception {
        watch("echo 'a: 1'; echo 'no such host' >&2; exit 3");
        assertThat(watching.failure()).hasMessageContaining("exit code 3").hasMessageContaining("no such host");
        assertThat(sink.current().readings()).isZero();
    }

    @Test
    void a_command_that_hangs_is_killed_and_has_failed() throws Exception {
        watch("sleep 60");
        assertThat(watching.failure()).hasMessageContaining("still running");
    }

    @Test
    void a_configuration_without_a_command_is_refused() {
        assertThatThrownBy(() -> watch(" ")).hasMessageContaining("'command'");
    }

    @Test
    void a_misspelt_key_is_named() {
        CommandSource.Config nothing = (CommandSource.Config) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {CommandSource.Config.class}, (proxy, key, values) -> key.getDefaultValue());
        assertThatThrownBy(() -> new CommandSource(nothing, Map.of("comand", "true")))
                .hasMessageContaining("did you mean 'command'?");
    }

    @Test
    void a_command_that_cannot_be_started_leaves_no_files() throws Exception {
        Set<Path> before = files();
        watch("true \0");
        assertThat(watching.failure()).hasMessageContaining("null character");
        assertThat(files()).isEqualTo(before);
    }

    private static Set<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(file -> file.getFileName().toString().startsWith("${artifactId}")).collect(toSet());
        }
    }

    private CommandSource watch(String command) {
        CommandSource source = new CommandSource(command, Duration.ofMillis(50), Duration.ofSeconds(1));
        watching = Watching.start(source, sink);
        return source;
    }
}

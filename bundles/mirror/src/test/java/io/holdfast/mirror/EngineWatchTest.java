package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.testkit.FakeRuntime;

final class EngineWatchTest {

    private final FakeRuntime cri = new FakeRuntime();
    private final FakeRuntime docker = new FakeRuntime();
    private final Cell<Map<String, ContainerRuntime>> runtimes = new Cell<>(Map.of());
    private final EngineWatch watch = new EngineWatch(runtimes, () -> Optional.of("docker"));
    private final Threads threads = new Threads();

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void a_node_without_an_engine_is_not_ready() throws InterruptedException {
        threads.start("watch", watch);
        await(engine -> engine.trouble().equals(Optional.of("no container engine answers")));
    }

    @Test
    void the_default_one_counts_and_where_it_is_away_any_other() throws InterruptedException {
        docker.disconnect();
        threads.start("watch", watch);
        runtimes.set(Map.of("docker", docker));
        await(engine -> engine.trouble().isPresent());
        runtimes.set(Map.of("docker", docker, "cri", cri));
        await(engine -> engine.trouble().isEmpty());
        assertThat(watch.engine().version()).matches("\\S+://\\S+");
        cri.disconnect();
        docker.connect();
        runtimes.set(Map.of("docker", docker, "cri", cri));
        await(engine -> engine.trouble().isEmpty());
    }

    private void await(Predicate<Engine> so) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!so.test(watch.engine())) {
            assertThat(System.nanoTime()).as("in time: %s", watch.engine()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}

package io.holdfast.mirror;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.RuntimeInfo;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;

/** Asks the container engine how it is, on a thread of its own: an engine that hangs must not keep the Lease waiting. */
final class EngineWatch implements Threads.Body {

    private static final Duration PERIOD = Duration.ofSeconds(20);

    private final Cell<Map<String, ContainerRuntime>> runtimes;
    private final Supplier<Optional<String>> byDefault;
    private final Cell<Engine> engine = new Cell<>(Engine.UNKNOWN);

    /** @param byDefault the name of the runtime that pods are on as a rule */
    EngineWatch(Cell<Map<String, ContainerRuntime>> runtimes, Supplier<Optional<String>> byDefault) {
        this.runtimes = runtimes;
        this.byDefault = byDefault;
    }

    Engine engine() {
        return engine.value();
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            Cell.Versioned<Map<String, ContainerRuntime>> now = runtimes.current();
            engine.set(ask(now.value()));
            runtimes.after(now.version(), PERIOD);
        }
    }

    /** The default one, or any that answers. */
    private Engine ask(Map<String, ContainerRuntime> all) throws InterruptedException {
        Map<String, ContainerRuntime> inTurn = new TreeMap<>(all);
        Optional<ContainerRuntime> first = byDefault.get().map(inTurn::remove);
        Engine best = first.isPresent() ? ask(first.get()) : engine("no container engine answers");
        for (ContainerRuntime runtime : inTurn.values()) {
            best = best.trouble().isEmpty() ? best : prefer(ask(runtime), best);
        }
        return best;
    }

    private static Engine prefer(Engine other, Engine best) {
        return other.trouble().isEmpty() ? other : best;
    }

    private Engine ask(ContainerRuntime runtime) throws InterruptedException {
        try {
            RuntimeInfo info = runtime.info();
            return new Engine(info.engine() + "://" + info.version(),
                    info.troubles().isEmpty() ? Optional.empty() : Optional.of(String.join("; ", info.troubles())));
        } catch (RuntimeUnreachable | RuntimeRefused e) {
            return engine(String.valueOf(e.getMessage()));
        }
    }

    /** The version stays as it was last seen. */
    private Engine engine(String trouble) {
        return new Engine(engine.value().version(), Optional.of(trouble));
    }
}

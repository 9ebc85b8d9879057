package io.holdfast.reconciler;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.config.Nearest;
import io.holdfast.pod.PodName;
import io.holdfast.source.DesiredPod;

/**
 * Says on which runtime a pod is to run: where a person moved it, else what its {@code runtimeClassName} is mapped to,
 * else the default. {@code auto} is CRI where that answers, else what does; it is decided once and then kept, so that no
 * pod wanders because one engine was up before the other.
 */
final class Targets {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final String CRI = "cri";

    private final Cell<Choices> choices;
    private final Cell<Map<String, Kit.Engine>> engines;
    private final Kit kit;
    private final Cell<Set<String>> failed = new Cell<>(Set.of());
    private final Instant settled;

    Targets(Cell<Choices> choices, Cell<Map<String, Kit.Engine>> engines, Kit kit) {
        this.choices = choices;
        this.engines = engines;
        this.kit = kit;
        settled = kit.now().plus(kit.settings().settle());
    }

    /** A runtime was asked and did not answer. */
    void failed(String runtime) {
        failed.update(now -> {
            Set<String> next = new TreeSet<>(now);
            next.add(runtime);
            return next;
        });
    }

    /** It was configured anew: what its socket did before says nothing. */
    void anew(String runtime) {
        failed.update(now -> {
            Set<String> next = new TreeSet<>(now);
            return next.remove(runtime) ? next : now;
        });
    }

    Target of(DesiredPod pod) {
        Target configured = configured(pod);
        Optional<String> moved = kit.placements().moved(pod.name());
        return moved.isEmpty() || configured instanceof Target.To(String runtime, _) && runtime.equals(moved.get())
                ? configured
                : new Target.To(moved.get(), "");
    }

    /** Where it is to run when nobody moves it. */
    Target configured(DesiredPod pod) {
        String wanted = pod.pod().spec().runtimeClassName();
        if (wanted != null && !wanted.isEmpty()) {
            Target.To mapped = choices.value().classes().get(wanted);
            return mapped != null ? mapped
                    : new Target.None("runtimeClassName '" + wanted + "' stands for no runtime: " + Choices.PID
                            + " has no class." + wanted + Nearest.hint(wanted, choices.value().classes().keySet()));
        }
        return byDefault().map(runtime -> (Target) new Target.To(runtime, ""))
                .orElseGet(() -> new Target.None("no container runtime answers yet"));
    }

    Optional<String> byDefault() {
        String configured = choices.value().byDefault();
        return configured.equals(Choices.AUTO) ? kit.placements().byDefault().or(this::decide) : Optional.of(configured);
    }

    private Optional<String> decide() {
        Set<String> found = engines.value().keySet();
        boolean mayStillCome = !failed.value().contains(CRI) && kit.now().isBefore(settled);
        Optional<String> decided = found.contains(CRI) ? Optional.of(CRI)
                : mayStillCome ? Optional.empty() : found.stream().sorted().findFirst();
        decided.filter(kit.placements()::decide).ifPresent(runtime -> LOG.info(
                "pods run on runtime {} from now on, as it answers; set 'default' in {} for another", runtime, Choices.PID));
        return decided;
    }

    /** Whether the agent has just started, and nobody knows yet whether that runtime answers. */
    boolean mayCome(Target target) {
        return target instanceof Target.To(String runtime, _) && !engines.value().containsKey(runtime)
                && !failed.value().contains(runtime) && kit.now().isBefore(settled);
    }

    /** When to ask again, if what is asked for may come by waiting. */
    Instant settled() {
        return kit.now().isBefore(settled) ? settled : Instant.MAX;
    }

    /** @throws IllegalArgumentException no such runtime is there */
    void move(DesiredPod pod, String runtime) {
        Set<String> there = engines.value().keySet();
        if (!there.contains(runtime)) {
            throw new IllegalArgumentException("no runtime '" + runtime + "' is there" + Nearest.hint(runtime, there));
        }
        PodName name = pod.name();
        if (configured(pod) instanceof Target.To(String home, _) && home.equals(runtime)) {
            kit.placements().moveBack(name);
        } else {
            kit.placements().move(name, runtime);
        }
    }
}

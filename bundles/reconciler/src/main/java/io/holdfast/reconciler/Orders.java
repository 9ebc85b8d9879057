package io.holdfast.reconciler;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.DesiredPods;

/** What workers must know of each other's pods to keep their {@link Order}. For any thread. */
final class Orders {

    private final Kit kit;
    private final Order order;
    private final Supplier<DesiredPods.Snapshot> desired;
    private final Consumer<PodName> poke;
    private final Cell<Map<PodName, Order.Departure>> going = new Cell<>(Map.of());

    /** @param poke makes the worker of a pod think again */
    Orders(Kit kit, Supplier<DesiredPods.Snapshot> desired, Consumer<PodName> poke) {
        this.kit = kit;
        this.desired = desired;
        this.poke = poke;
        order = new Order(kit.node().name());
    }

    Optional<Trouble.Awaits> awaits(DesiredPod pod) {
        return order.awaits(pod, desired.get().pods(), name -> Order.isDone(kit.board().view(name)));
    }

    Optional<Order.Stay> stays(PodName name) {
        return order.stays(name, going.value(), kit.now());
    }

    /** It has become ready, or is not any more: whoever waits for it is to know. */
    void turned(PodName name) {
        Map<PodName, DesiredPod> all = desired.get().pods();
        all.values().stream().filter(Order::isOrdered).filter(p -> order.after(p, all.keySet()).contains(name))
                .forEach(p -> poke.accept(p.name()));
    }

    /** There are other manifests: circles and what is missing may be other ones. */
    void desired(Map<PodName, DesiredPod> all) {
        set(now -> now.keySet().removeAll(all.keySet()));
        all.values().stream().filter(Order::isOrdered).forEach(p -> poke.accept(p.name()));
    }

    /** These are to go now, together with others that have not gone yet. */
    void leave(Map<PodName, List<Sandbox>> pods) {
        set(now -> pods.forEach((name, sandboxes) -> departure(sandboxes).ifPresent(d -> now.putIfAbsent(name, d))));
    }

    void left(PodName name) {
        set(now -> now.remove(name));
    }

    private void set(Consumer<Map<PodName, Order.Departure>> change) {
        Map<PodName, Order.Departure> before = going.value();
        going.update(now -> {
            Map<PodName, Order.Departure> next = new HashMap<>(now);
            change.accept(next);
            return next.equals(now) ? now : Map.copyOf(next);
        });
        Set<PodName> mayGoOn = going.value().keySet().stream()
                .filter(name -> order.stays(name, before, kit.now()).isPresent()).collect(Collectors.toSet());
        mayGoOn.forEach(poke);
    }

    /** As it is written on what runs, since its manifest is gone. */
    private Optional<Order.Departure> departure(List<Sandbox> sandboxes) {
        return sandboxes.stream().filter(Edition::alive).findFirst()
                .map(s -> new Order.Departure(s.annotations().getOrDefault(Order.AFTER, ""),
                        Integer.parseInt(s.annotations().getOrDefault(Order.PRIORITY, "0")),
                        s.containers().stream().map(c -> Ending.of(c).grace()).max(Duration::compareTo).orElse(Duration.ZERO),
                        kit.now()));
    }
}

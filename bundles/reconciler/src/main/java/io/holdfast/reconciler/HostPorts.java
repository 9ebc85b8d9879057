package io.holdfast.reconciler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import io.holdfast.cell.Cell;
import io.holdfast.pod.Container;
import io.holdfast.pod.Container.ContainerPort;
import io.holdfast.pod.Container.Protocol;
import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec;

/** Which pod has which port of the node: two pods that want the same one do not run together (behaviour R9). */
final class HostPorts {

    /**
     * A port in use.
     *
     * @param ip empty for all addresses
     */
    record Port(String ip, int number, Protocol protocol) {

        boolean collides(Port other) {
            return number == other.number && protocol == other.protocol
                    && (ip.isEmpty() || other.ip.isEmpty() || ip.equals(other.ip));
        }
    }

    /** What is taken, and who waits for something to be given back. */
    private record Book(Map<PodName, List<Port>> taken, Set<PodName> waiting) {
    }

    private final Cell<Book> book = new Cell<>(new Book(Map.of(), Set.of()));

    static List<Port> of(PodSpec spec) {
        return Containers.lasting(spec).flatMap(c -> c.ports().stream()).filter(p -> p.hostPort() != null)
                .map(HostPorts::port).toList();
    }

    private static Port port(ContainerPort p) {
        String ip = p.hostIP() == null || p.hostIP().equals("0.0.0.0") ? "" : p.hostIP();
        return new Port(ip, p.hostPort() == null ? 0 : p.hostPort(), p.protocol());
    }

    /**
     * Takes all the ports that {@code spec} wants instead of those it had, or none: then says which one another pod has.
     */
    Optional<String> take(PodName name, PodSpec spec, Consumer<PodName> tell) {
        List<Port> wanted = of(spec);
        if (wanted.isEmpty()) {
            give(name, tell);
            return Optional.empty();
        }
        String[] conflict = new String[1];
        boolean[] gave = new boolean[1];
        book.update(now -> {
            conflict[0] = conflict(now, name, wanted);
            Map<PodName, List<Port>> taken = new HashMap<>(now.taken());
            Set<PodName> waiting = new java.util.HashSet<>(now.waiting());
            if (conflict[0] == null) {
                taken.put(name, wanted);
                waiting.remove(name);
            } else {
                gave[0] = taken.remove(name) != null; // what it had does not run any more, and two pods may swap theirs
                waiting.add(name);
            }
            return new Book(taken, waiting);
        });
        if (conflict[0] == null || gave[0]) { // an edited pod may have left one of those it had
            book.value().waiting().stream().filter(other -> !other.equals(name)).forEach(tell);
        }
        return Optional.ofNullable(conflict[0]);
    }

    /** For a pod that runs already: it has its ports, whoever else wants them. */
    void seize(PodName name, PodSpec spec) {
        List<Port> had = of(spec);
        if (!had.isEmpty()) {
            book.update(now -> {
                Map<PodName, List<Port>> taken = new HashMap<>(now.taken());
                taken.put(name, had);
                return new Book(taken, now.waiting());
            });
        }
    }

    /** Gives the ports back, and tells those who wait for one. */
    void give(PodName name, Consumer<PodName> tell) {
        Book before = book.value();
        if (before.taken().containsKey(name) || before.waiting().contains(name)) {
            book.update(now -> {
                Map<PodName, List<Port>> taken = new HashMap<>(now.taken());
                Set<PodName> waiting = new java.util.HashSet<>(now.waiting());
                taken.remove(name);
                waiting.remove(name);
                return new Book(taken, waiting);
            });
            book.value().waiting().forEach(tell);
        }
    }

    private static @org.jspecify.annotations.Nullable String conflict(Book now, PodName name, List<Port> wanted) {
        for (Map.Entry<PodName, List<Port>> other : now.taken().entrySet()) {
            for (Port port : wanted) {
                if (!other.getKey().equals(name) && other.getValue().stream().anyMatch(port::collides)) {
                    return "host port " + port.number() + "/" + port.protocol() + " is taken by pod " + other.getKey();
                }
            }
        }
        return null;
    }

}

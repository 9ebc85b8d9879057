package io.holdfast.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.holdfast.config.Nearest;
import io.holdfast.status.PodView;

/**
 * Finds the pod that a person means: {@code default/web-node1}, {@code web-node1}, or {@code web} as its manifest calls
 * it.
 */
record PodFinder(String command, List<PodView> pods) {

    PodView find(String wanted) {
        Set<String> nodes = pods.stream().map(PodTable::node).collect(Collectors.toSet());
        List<Predicate<PodView>> ways = List.of(
                pod -> pod.name().toString().equals(wanted),
                pod -> pod.name().name().equals(wanted),
                pod -> nodes.stream().anyMatch(node -> pod.name().name().equals(wanted + "-" + node)),
                pod -> nodes.stream().anyMatch(node -> pod.name().toString().equals(wanted + "-" + node)));
        for (Predicate<PodView> way : ways) {
            List<PodView> found = pods.stream().filter(way).toList();
            if (found.size() == 1) {
                return found.getFirst();
            } else if (found.size() > 1) {
                throw new CommandFailed(command, "'" + wanted + "' is more than one pod: " + names(found));
            }
        }
        throw new CommandFailed(command, "no pod named '" + wanted + "'" + hint(wanted, nodes));
    }

    private String hint(String wanted, Set<String> nodes) {
        List<String> known = new ArrayList<>();
        for (PodView pod : pods) {
            String name = pod.name().name();
            known.add(wanted.contains("/") ? pod.name().toString() : name);
            for (String node : nodes) {
                if (name.endsWith("-" + node) && Nearest.to(wanted, List.of(shortName(name, node))).isPresent()) {
                    return "; did you mean '" + name + "'?";
                }
            }
        }
        return Nearest.hint(wanted, known);
    }

    private static String shortName(String name, String node) {
        return name.substring(0, name.length() - node.length() - 1);
    }

    private static String names(List<PodView> pods) {
        return pods.stream().map(pod -> pod.name().toString()).collect(Collectors.joining(", "));
    }
}

package io.holdfast.reconciler;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.EnvVar.ResourceFieldRef;
import io.holdfast.pod.Node;
import io.holdfast.pod.Pod;
import io.holdfast.pod.Quantity;

/**
 * What {@code fieldRef} and {@code resourceFieldRef} may name of a pod, for its environment and its files.
 *
 * @param ips of the pod, the first one is the pod's IP; may be empty
 */
record PodFields(Pod pod, Node node, List<String> ips) {

    private static final Pattern SUBSCRIPT = Pattern.compile("metadata\\.(labels|annotations)\\['([^']*)'\\]");

    String field(String path) {
        Matcher subscript = SUBSCRIPT.matcher(path);
        if (subscript.matches()) {
            Map<String, String> map = subscript.group(1).equals("labels") ? pod.metadata().labels()
                    : pod.metadata().annotations();
            return map.getOrDefault(subscript.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> pod.metadata().name();
            case "metadata.namespace" -> pod.metadata().namespace();
            case "metadata.uid" -> pod.metadata().uid() == null ? "" : pod.metadata().uid();
            case "metadata.labels" -> lines(pod.metadata().labels());
            case "metadata.annotations" -> lines(pod.metadata().annotations());
            case "spec.nodeName" -> node.name();
            case "spec.serviceAccountName" -> pod.spec().serviceAccountName() == null ? ""
                    : pod.spec().serviceAccountName();
            case "status.hostIP", "status.hostIPs" -> node.ip();
            case "status.podIP" -> ips.isEmpty() ? "" : ips.getFirst();
            case "status.podIPs" -> String.join(",", ips);
            default -> throw new IllegalArgumentException("no field " + path); // the reader lets no other through
        };
    }

    private static String lines(Map<String, String> map) {
        return new TreeMap<>(map).entrySet().stream().map(e -> e.getKey() + "=" + GoQuote.of(e.getValue()))
                .collect(Collectors.joining("\n"));
    }

    /**
     * An amount in units of its divisor, rounded up. A missing limit is what the node has.
     *
     * @param own the container that asks; null for a file, which is of no container
     */
    String resource(ResourceFieldRef ref, @Nullable Container own) throws IOException {
        String resource = ref.resource().substring(ref.resource().indexOf('.') + 1);
        Container container = ref.containerName() == null || ref.containerName().isEmpty() ? own : container(ref.containerName());
        if (container == null) {
            throw new IllegalArgumentException("resource " + ref.resource() + " of no container"); // nor this
        }
        Map<String, Quantity> limits = container.resources().limits();
        Quantity quantity = ref.resource().startsWith("limits.") ? limits.get(resource)
                : container.resources().requests().getOrDefault(resource, limits.get(resource));
        BigDecimal amount = quantity != null && quantity.amount().signum() > 0 ? quantity.amount()
                : ref.resource().startsWith("limits.") ? Capacity.of(resource, node.stateDirectory()) : BigDecimal.ZERO;
        BigDecimal divisor = ref.divisor() == null || ref.divisor().amount().signum() == 0 ? BigDecimal.ONE
                : ref.divisor().amount();
        return amount.divide(divisor, 0, RoundingMode.CEILING).toPlainString();
    }

    private @Nullable Container container(String name) {
        return Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream())
                .filter(c -> c.name().equals(name)).findFirst().orElse(null);
    }
}

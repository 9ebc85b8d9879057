package io.holdfast.mirror;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

import io.holdfast.cell.Cell;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.status.NodeEndpoint;

/** Services that the Node tells of, as they come and go. */
@Component(service = Neighbours.class)
public final class Neighbours {

    private final Cell<Map<String, ContainerRuntime>> runtimes = new Cell<>(Map.of());

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable NodeEndpoint endpoint;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bind(ContainerRuntime runtime, Map<String, Object> properties) {
        runtimes.update(now -> {
            Map<String, ContainerRuntime> next = new HashMap<>(now);
            next.put(name(properties), runtime);
            return Map.copyOf(next);
        });
    }

    void unbind(ContainerRuntime runtime, Map<String, Object> properties) {
        runtimes.update(now -> {
            Map<String, ContainerRuntime> next = new HashMap<>(now);
            next.remove(name(properties), runtime);
            return Map.copyOf(next);
        });
    }

    /** By {@code runtime.name}. */
    Cell<Map<String, ContainerRuntime>> runtimes() {
        return runtimes;
    }

    OptionalInt port() {
        NodeEndpoint present = endpoint;
        return present == null ? OptionalInt.empty() : OptionalInt.of(present.port());
    }

    private static String name(Map<String, Object> properties) {
        return String.valueOf(properties.get(ContainerRuntime.NAME));
    }
}

package io.holdfast.reconciler;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

import io.holdfast.cell.Cell;
import io.holdfast.runtime.ContainerRuntime;

/** The container runtimes that are there just now, by their {@code runtime.name}. */
@Component(service = Runtimes.class)
public final class Runtimes {

    private final Cell<Map<String, ContainerRuntime>> present = new Cell<>(Map.of());

    @Activate
    public Runtimes() {
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bind(ContainerRuntime runtime, Map<String, Object> properties) {
        present.update(now -> {
            Map<String, ContainerRuntime> next = new HashMap<>(now);
            next.put(name(properties), runtime);
            return Map.copyOf(next);
        });
    }

    void unbind(ContainerRuntime runtime, Map<String, Object> properties) {
        present.update(now -> {
            Map<String, ContainerRuntime> next = new HashMap<>(now);
            next.remove(name(properties), runtime);
            return Map.copyOf(next);
        });
    }

    Cell<Map<String, ContainerRuntime>> cell() {
        return present;
    }

    boolean has(ContainerRuntime runtime) {
        return present.value().containsValue(runtime);
    }

    /** The runtime that pods run on, unless they say otherwise: the first by name. */
    Optional<Map.Entry<String, ContainerRuntime>> chosen() {
        return present.value().entrySet().stream().min(Map.Entry.comparingByKey());
    }

    private static String name(Map<String, Object> properties) {
        return String.valueOf(properties.get(ContainerRuntime.NAME));
    }
}

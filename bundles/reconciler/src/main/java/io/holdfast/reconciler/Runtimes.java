package io.holdfast.reconciler;

import java.util.HashMap;
import java.util.Map;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.runtime.ContainerRuntime;

/** The container runtimes that are there just now, by their {@code runtime.name}, and which of them pods are to use. */
@Component(service = Runtimes.class, configurationPid = Choices.PID)
public final class Runtimes {

    private static final Logger LOG = LoggerFactory.getLogger(Runtimes.class);

    private final Cell<Map<String, ContainerRuntime>> present = new Cell<>(Map.of());

    private final Cell<Choices> choices = new Cell<>(Choices.NONE);

    public Runtimes() {
        // for tests and those who have no configuration
    }

    @Activate
    public Runtimes(Map<String, Object> properties) {
        configure(properties);
    }

    /** What cannot be read changes nothing: the reconciler must not go because of it. */
    @Modified
    void configure(Map<String, Object> properties) {
        try {
            choices.set(Choices.of(properties));
        } catch (IllegalArgumentException e) {
            LOG.error("{}; what it said before stands", e.getMessage());
        }
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

    Cell<Choices> choices() {
        return choices;
    }

    private static String name(Map<String, Object> properties) {
        return String.valueOf(properties.get(ContainerRuntime.NAME));
    }
}

package io.holdfast.manifest;

import java.math.BigDecimal;
import java.util.Map;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.Quantity;

/** The API's validation (behaviour I3) of one container. */
final class ContainerRules {

    private final Rules rules;
    private final String path;
    private final PodSpec spec;

    ContainerRules(Rules rules, String path, PodSpec spec) {
        this.rules = rules;
        this.path = path;
        this.spec = spec;
    }

    private void check(Container container) {
        rules.required(path + ".name", container.name(), Formats::label);
        rules.required(path + ".image", container.image(), image -> image.strip().equals(image) ? null
                : "must not begin or end with white space");
        rules.unique(path + ".ports", "name", container.ports(), Container.ContainerPort::name);
        for (int i = 0; i < container.ports().size(); i++) {
            port(path + ".ports[" + i + "]", container.ports().get(i));
        }
        new EnvRules(rules, path).check(container);
        new MountRules(rules, spec.volumes()).check(path + ".volumeMounts", container);
        new HandlerRules(rules, path, spec.terminationGracePeriodSeconds()).check(container);
        SecurityRules.check(path, container.securityContext(), rules);
        resources(container);
    }

    private void port(String at, Container.ContainerPort port) {
        rules.optional(at + ".name", port.name(), Formats::portName);
        rules.check(at + ".containerPort", Formats.port(port.containerPort()));
        rules.optional(at + ".hostIP", port.hostIP(), Formats::ip);
        Integer hostPort = port.hostPort();
        if (hostPort != null && hostPort != 0) {
            rules.check(at + ".hostPort", Formats.port(hostPort));
            rules.must(!spec.hostNetwork() || hostPort == port.containerPort(), at + ".hostPort",
                    "must be the same as containerPort with hostNetwork, or left out");
        }
    }

    /** Beside what holds for every container. */
    void checkInit(Container container) {
        check(container);
        if (container.restartPolicy() == PodSpec.RestartPolicy.Always) {
            return;
        }
        rules.must(container.restartPolicy() == null, path + ".restartPolicy",
                "must be Always in an init container, or left out");
        Map<String, Boolean> ofSidecars = Map.of("livenessProbe", container.livenessProbe() != null, "readinessProbe",
                container.readinessProbe() != null, "startupProbe", container.startupProbe() != null, "lifecycle",
                container.lifecycle() != null);
        ofSidecars.forEach((field, there) -> rules.must(!there, path + "." + field,
                "an init container runs to its end; only one with restartPolicy Always can have this"));
    }

    /** Beside what holds for every container. */
    void checkMain(Container container) {
        check(container);
        if (container.restartPolicy() != null) {
            rules.notYet(path + ".restartPolicy");
        }
    }

    private void resources(Container container) {
        amounts(path + ".resources.limits", container.resources().limits());
        amounts(path + ".resources.requests", container.resources().requests());
        container.resources().requests().forEach((name, request) -> {
            Quantity limit = container.resources().limits().get(name);
            rules.must(limit == null || request.amount().compareTo(limit.amount()) <= 0,
                    path + ".resources.requests[" + name + "]",
                    "must not be more than the limit; found " + request + ", the limit is " + limit);
        });
    }

    private void amounts(String at, Map<String, Quantity> amounts) {
        amounts.forEach((name, amount) -> {
            if (!name.equals("cpu") && !name.equals("memory")) {
                rules.notYet(at + "[" + name + "]");
            }
            rules.must(amount.amount().compareTo(BigDecimal.ZERO) >= 0, at + "[" + name + "]", "must not be negative");
        });
    }
}

package io.holdfast.manifest;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.holdfast.config.Nearest;
import io.holdfast.pod.Container;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.Quantity;
import io.holdfast.pod.Volume;

/** The API's validation (behaviour I3) of one container. */
final class ContainerRules {

    private static final Set<String> FIELDS = Set.of("metadata.name", "metadata.namespace", "metadata.uid",
            "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP",
            "status.podIPs");
    private static final Pattern SUBSCRIPT = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

    private final Rules rules;
    private final String path;
    private final PodSpec spec;

    ContainerRules(Rules rules, String path, PodSpec spec) {
        this.rules = rules;
        this.path = path;
        this.spec = spec;
    }

    void check(Container container) {
        rules.required(path + ".name", container.name(), Formats::label);
        rules.required(path + ".image", container.image(), image -> image.strip().equals(image) ? null
                : "must not begin or end with white space");
        rules.unique(path + ".ports", "name", container.ports(), Container.ContainerPort::name);
        for (int i = 0; i < container.ports().size(); i++) {
            port(path + ".ports[" + i + "]", container.ports().get(i));
        }
        for (int i = 0; i < container.env().size(); i++) {
            env(path + ".env[" + i + "]", container.env().get(i));
        }
        rules.unique(path + ".volumeMounts", "mountPath", container.volumeMounts(),
                Container.VolumeMount::mountPath);
        for (int i = 0; i < container.volumeMounts().size(); i++) {
            mount(path + ".volumeMounts[" + i + "]", container.volumeMounts().get(i));
        }
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

    private void env(String at, EnvVar env) {
        rules.required(at + ".name", env.name(), Formats::envName);
        EnvVar.EnvVarSource from = env.valueFrom();
        if (from == null) {
            return;
        }
        rules.must(env.value() == null || env.value().isEmpty(), at + ".valueFrom", "must not stand beside a value");
        EnvVar.FieldRef field = from.fieldRef();
        if (field != null) {
            rules.must(field.apiVersion() == null || field.apiVersion().equals("v1"),
                    at + ".valueFrom.fieldRef.apiVersion", "expected v1, found '" + field.apiVersion() + "'");
            rules.required(at + ".valueFrom.fieldRef.fieldPath", field.fieldPath(), ContainerRules::fieldPath);
        } else {
            rules.must(from.configMapKeyRef() != null || from.secretKeyRef() != null
                    || from.resourceFieldRef() != null, at + ".valueFrom",
                    "must have one of fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef");
        }
    }

    private static @Nullable String fieldPath(String fieldPath) {
        var subscript = SUBSCRIPT.matcher(fieldPath);
        if (subscript.matches()) {
            return Formats.key(subscript.group(2));
        }
        return FIELDS.contains(fieldPath) ? null
                : "expected one of " + String.join(", ", FIELDS.stream().sorted().toList())
                        + ", metadata.labels['KEY'], metadata.annotations['KEY']; found '" + Tree.brief(fieldPath)
                        + "'" + Nearest.hint(fieldPath, FIELDS);
    }

    private void mount(String at, Container.VolumeMount mount) {
        List<String> volumes = spec.volumes().stream().map(Volume::name).toList();
        rules.required(at + ".name", mount.name(), name -> volumes.contains(name) ? null
                : "no volume '" + Tree.brief(name) + "' in spec.volumes"
                        + Nearest.hint(name, volumes));
        rules.required(at + ".mountPath", mount.mountPath(), p -> p.contains(":") ? "must not contain ':'" : null);
        rules.must(mount.mountPropagation() != Container.MountPropagation.Bidirectional || isPrivileged(at),
                at + ".mountPropagation", "Bidirectional is for privileged containers only");
    }

    private boolean isPrivileged(String mountPath) {
        return spec.containers().stream().anyMatch(c -> mountPath.startsWith(path) && c.securityContext() != null
                && Boolean.TRUE.equals(c.securityContext().privileged()));
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

package io.holdfast.runtime.docker;

import java.util.HashMap;
import java.util.Map;

import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.SandboxSpec;

/**
 * Names and labels as dockershim wrote them, so that {@code docker ps} reads as in the Kubernetes documents, and a few of
 * ours. Docker knows no annotations: they are labels with a prefix.
 */
final class Labels {

    static final String TYPE = "io.kubernetes.docker.type";
    static final String SANDBOX = "podsandbox";
    static final String CONTAINER = "container";
    static final String SANDBOX_ID = "io.kubernetes.sandbox.id";
    static final String LOG_PATH = "io.kubernetes.container.logpath";
    /** The image that was asked for; Docker is told an id. */
    static final String IMAGE = "io.holdfast.image";
    static final String ATTEMPT = "io.holdfast.attempt";

    private static final String POD = "POD";
    private static final String ANNOTATION = "annotation.";

    private Labels() {
    }

    static String name(SandboxSpec sandbox) {
        return name(POD, sandbox, sandbox.attempt());
    }

    static String name(ContainerSpec container, SandboxSpec in) {
        return name(container.name(), in, container.attempt());
    }

    private static String name(String container, SandboxSpec in, int attempt) {
        return String.join("_", "k8s", container, in.name().name(), in.name().namespace(), in.uid(),
                Integer.toString(attempt));
    }

    static Map<String, String> of(SandboxSpec spec) {
        Map<String, String> all = common(spec, spec.labels(), spec.annotations());
        all.put(TYPE, SANDBOX);
        all.put(Names.CONTAINER_NAME, POD);
        all.put(ATTEMPT, Integer.toString(spec.attempt()));
        return all;
    }

    static Map<String, String> of(ContainerSpec spec, SandboxSpec in, SandboxId sandbox) {
        Map<String, String> all = common(in, spec.labels(), spec.annotations());
        all.put(TYPE, CONTAINER);
        all.put(Names.CONTAINER_NAME, spec.name());
        all.put(ATTEMPT, Integer.toString(spec.attempt()));
        all.put(SANDBOX_ID, sandbox.value());
        all.put(IMAGE, spec.image());
        if (!spec.logPath().isEmpty()) {
            all.put(LOG_PATH, in.logDirectory().resolve(spec.logPath()).toString());
        }
        return all;
    }

    private static Map<String, String> common(SandboxSpec in, Map<String, String> labels,
            Map<String, String> annotations) {
        Map<String, String> all = new HashMap<>(labels);
        annotations.forEach((key, value) -> all.put(ANNOTATION + key, value));
        all.put(Names.POD_NAME, in.name().name());
        all.put(Names.POD_NAMESPACE, in.name().namespace());
        all.put(Names.POD_UID, in.uid());
        return all;
    }

    static PodName pod(Map<String, String> labels) {
        return new PodName(labels.getOrDefault(Names.POD_NAMESPACE, ""), labels.getOrDefault(Names.POD_NAME, ""));
    }

    static int attempt(Map<String, String> labels) {
        return Integer.parseInt(labels.getOrDefault(ATTEMPT, "0"));
    }

    static Map<String, String> withoutAnnotations(Map<String, String> labels) {
        Map<String, String> some = new HashMap<>(labels);
        some.keySet().removeIf(key -> key.startsWith(ANNOTATION));
        return some;
    }

    static Map<String, String> annotations(Map<String, String> labels) {
        Map<String, String> some = new HashMap<>();
        labels.forEach((key, value) -> {
            if (key.startsWith(ANNOTATION)) {
                some.put(key.substring(ANNOTATION.length()), value);
            }
        });
        return some;
    }
}

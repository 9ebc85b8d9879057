package io.holdfast.mirror;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Pod;
import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec;
import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodEvent;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodView;

/** Pods as the reconciler shows them, in few words. */
final class Pods {

    static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
    static final String NODE = "edge-7.example";

    private Pods() {
    }

    static PodName name(String name) {
        return new PodName("default", name + "-" + NODE);
    }

    static String path(String name) {
        return Paths.pod(name(name));
    }

    static DesiredPod desired(String name, String hash) {
        return desired(name, hash, "");
    }

    /** @param spec more of it, as JSON that begins with a comma */
    static DesiredPod desired(String name, String hash, String spec) {
        Map<String, String> annotations = Map.of("kubernetes.io/config.hash", hash);
        Pod pod = new Pod(new Pod.ObjectMeta(name(name).name(), "default", hash, Map.of(), annotations), SPEC);
        String json = """
                {"apiVersion":"v1","kind":"Pod",\
                "metadata":{"name":"%s","namespace":"default","uid":"%s","labels":{"app":"static"},\
                "annotations":{"kubernetes.io/config.hash":"%s","user/anno":"x"}},\
                "spec":{"nodeName":"%s","containers":[{"name":"c","image":"busybox:1"}],\
                "tolerations":[{"operator":"Exists","effect":"NoExecute"}]%s}}"""
                .formatted(name(name).name(), hash, hash, NODE, spec);
        return new DesiredPod(pod, json, "file~main", name + ".yaml", NOW, null, null, List.of());
    }

    static PodView runs(String name, String hash) {
        return view(name, desired(name, hash), running(0));
    }

    static PodView starts(String name, String hash) {
        return view(name, desired(name, hash), waiting("ContainerCreating"));
    }

    static PodView leaves(String name) {
        return view(name, null, running(0));
    }

    static PodView view(String name, @Nullable DesiredPod desired, PodStatus status, PodEvent... events) {
        return new PodView(name(name), desired == null ? "old" : desired.uid(), desired, "file~main", "cri",
                desired == null, status, List.of(events));
    }

    static PodStatus running(int restarts) {
        return status(PodStatus.Phase.Running, new PodStatus.State.Running(NOW), restarts, "containerd://c" + restarts);
    }

    static PodStatus waiting(String reason) {
        return status(PodStatus.Phase.Pending, new PodStatus.State.Waiting(reason, ""), 0, "");
    }

    private static PodStatus status(PodStatus.Phase phase, PodStatus.State state, int restarts, String id) {
        boolean runs = phase == PodStatus.Phase.Running;
        return new PodStatus(phase, null, null, List.of(new PodStatus.Condition("Ready", runs, null, null, NOW)),
                "192.0.2.7", runs ? List.of("10.1.0.2") : List.of(), NOW, PodStatus.QosClass.BestEffort, List.of(),
                List.of(new PodStatus.ContainerStatus("c", state, null, runs, runs, restarts, "busybox:1", "", id, null)));
    }

    private static final PodSpec SPEC = new PodSpec(List.of(), List.of(), List.of(), PodSpec.RestartPolicy.Always, 30,
            null, PodSpec.DnsPolicy.Default, null, false, false, false, false, null, null, false, List.of(), null,
            List.of(), Map.of(), null, NODE, null, null, null, List.of(), null);
}

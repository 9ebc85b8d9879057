package io.holdfast.shell;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodView;

/** Pods as {@code kubectl get pods -A} lists them. */
final class PodTable {

    private static final List<String> NARROW = List.of("NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE");
    private static final List<String> WIDE = List.of("IP", "NODE", "SOURCE", "RUNTIME");

    private PodTable() {
    }

    static String of(List<PodView> pods, boolean wide, Instant now) {
        Table table = new Table(wide ? both(NARROW, WIDE).toArray(new String[0]) : NARROW.toArray(new String[0]));
        for (PodView pod : pods) {
            table.row(wide ? both(narrow(pod, now), wide(pod)) : narrow(pod, now));
        }
        return table.toString();
    }

    private static List<String> narrow(PodView pod, Instant now) {
        PodSummary summary = PodSummary.of(pod, now);
        return List.of(pod.name().namespace(), pod.name().name(), summary.ready(), summary.status(),
                summary.restarts(), Ages.of(pod.status().startTime(), now));
    }

    private static List<String> wide(PodView pod) {
        List<String> ips = pod.status().podIPs();
        return List.of(ips.isEmpty() ? "<none>" : ips.getFirst(), node(pod), orNone(pod.source()),
                orNone(pod.runtime()));
    }

    static String node(PodView pod) {
        DesiredPod desired = pod.desired();
        String node = desired == null ? null : desired.pod().spec().nodeName();
        return node == null ? "<none>" : node;
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }

    private static List<String> both(List<String> a, List<String> b) {
        List<String> both = new ArrayList<>(a);
        both.addAll(b);
        return both;
    }
}

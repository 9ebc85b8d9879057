package io.holdfast.mirror;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.holdfast.config.ConfigKeys;
import io.holdfast.status.Publication;

/** {@code io.holdfast.mirror} as far as it is about the Node, checked. */
record Settings(boolean register, Map<String, String> labels, List<NodeObject.Taint> taints, Duration lease) {

    static final String PID = "io.holdfast.mirror";

    private static final String NAME = "(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9](?:[-\\w.]{0,61}[A-Za-z0-9])?";
    private static final String VALUE = "(?:[A-Za-z0-9](?:[-\\w.]{0,61}[A-Za-z0-9])?)?";
    private static final Pattern LABEL = Pattern.compile("(" + NAME + ")=(" + VALUE + ")");
    private static final Pattern TAINT = Pattern
            .compile("(" + NAME + ")(?:=(" + VALUE + "))?:(NoSchedule|PreferNoSchedule|NoExecute)");
    private static final int SHORTEST_LEASE = 8; // it is renewed four times in that

    static Settings read(MirrorConfig config, Map<String, Object> properties) {
        ConfigKeys.check(properties, MirrorConfig.class, Publication.NAME);
        if (config.lease_seconds() < SHORTEST_LEASE) {
            throw bad("lease.seconds", "seconds, " + SHORTEST_LEASE + " or more; it is " + config.lease_seconds());
        }
        return new Settings(config.register_node(), labels(config), taints(config),
                Duration.ofSeconds(config.lease_seconds()));
    }

    static ConnectionSettings connection(MirrorConfig config) {
        try {
            return ConnectionSettings.of(config.kubeconfig(), config.context(), config.in_cluster(), config.server(),
                    config.proxy(), System.getenv());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(PID + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> labels(MirrorConfig config) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String label : words(config.node_labels())) {
            Matcher m = LABEL.matcher(label);
            if (!m.matches()) {
                throw bad("node.labels", "key=value, separated by commas; '" + label + "' is not");
            }
            labels.put(m.group(1), m.group(2));
        }
        return labels;
    }

    private static List<NodeObject.Taint> taints(MirrorConfig config) {
        List<NodeObject.Taint> taints = new ArrayList<>();
        for (String taint : words(config.node_taints())) {
            Matcher m = TAINT.matcher(taint);
            if (!m.matches()) {
                throw bad("node.taints", "key=value:NoSchedule (or PreferNoSchedule, NoExecute), separated by commas; '"
                        + taint + "' is not");
            }
            taints.add(new NodeObject.Taint(m.group(1), m.group(2) == null ? "" : m.group(2), m.group(3)));
        }
        return taints;
    }

    /** File Install hands over a list as one string. */
    private static List<String> words(String[] values) {
        return Arrays.stream(values).flatMap(v -> Arrays.stream(v.split(","))).map(String::strip)
                .filter(v -> !v.isEmpty()).toList();
    }

    private static IllegalArgumentException bad(String key, String expected) {
        return new IllegalArgumentException(PID + ": '" + key + "' must be " + expected);
    }
}

package io.holdfast.manifest;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Tree.Obj;

/** What keeps the pods of DaemonSets away from this node, unless they tolerate it. */
record Taint(String key, String value, Effect effect) {

    enum Effect {
        NoSchedule, PreferNoSchedule, NoExecute
    }

    /** What the DaemonSet controller has its pods tolerate, whatever their template says. */
    private static final List<String> TOLERATED = List.of("not-ready:NoExecute", "unreachable:NoExecute",
            "disk-pressure:NoSchedule", "memory-pressure:NoSchedule", "pid-pressure:NoSchedule", "unschedulable:NoSchedule");

    /** @throws IllegalArgumentException a sentence on what was expected */
    static Taint read(String text) {
        int colon = text.lastIndexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        Optional<Effect> effect = Arrays.stream(Effect.values()).filter(e -> e.name().equals(text.substring(colon + 1))).findFirst();
        int equals = name.indexOf('=');
        String key = equals < 0 ? name : name.substring(0, equals);
        String value = equals < 0 ? "" : name.substring(equals + 1);
        String wrong = Formats.key(key) != null ? Formats.key(key) : Formats.labelValue(value);
        if (colon < 1 || effect.isEmpty()) {
            throw new IllegalArgumentException("must be key=value:EFFECT or key:EFFECT, such as example.com/gpu=yes:NoSchedule;"
                    + " effects are NoSchedule, PreferNoSchedule and NoExecute");
        } else if (wrong != null) {
            throw new IllegalArgumentException(wrong);
        }
        return new Taint(key, value, effect.get());
    }

    /** @param spec of the template */
    static @Nullable String unfit(List<Taint> taints, Obj spec, String node) {
        List<Obj> tolerations = spec.objects("tolerations");
        List<String> kept = taints.stream().filter(t -> t.effect() != Effect.PreferNoSchedule && !t.isTolerated(tolerations))
                .map(Taint::toString).toList();
        return kept.isEmpty() ? null : "node " + node + " has taint " + String.join(", ", kept) + ", which it does not tolerate";
    }

    private boolean isTolerated(List<Obj> tolerations) {
        return TOLERATED.contains(key.replaceFirst("^node\\.kubernetes\\.io/", "") + ":" + effect) && key.startsWith("node.kubernetes.io/")
                || tolerations.stream().anyMatch(this::isTolerated);
    }

    /** An empty key or effect of a toleration stands for all of them. */
    private boolean isTolerated(Obj toleration) {
        boolean exists = "Exists".equals(toleration.text("operator"));
        return said(toleration, "effect").allMatch(effect.name()::equals)
                && (said(toleration, "key").findAny().isEmpty() ? exists : key.equals(toleration.text("key")))
                && (exists || said(toleration, "value").findFirst().orElse("").equals(value));
    }

    private static Stream<String> said(Obj toleration, String field) {
        return Stream.ofNullable(toleration.text(field)).filter(text -> !text.isEmpty());
    }

    @Override
    public String toString() {
        return key + (value.isEmpty() ? "" : "=" + value) + ":" + effect;
    }
}

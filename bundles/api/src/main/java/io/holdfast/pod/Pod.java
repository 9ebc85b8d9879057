package io.holdfast.pod;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A Pod after defaulting (behaviour I2) and with its identity on this node (I1, S2). Names of components are the field
 * names of the Kubernetes API; a component that may be absent there is {@code @Nullable} here, lists and maps are empty
 * instead. Immutable.
 */
public record Pod(ObjectMeta metadata, PodSpec spec) {

    public PodName podName() {
        return new PodName(metadata.namespace(), metadata.name());
    }

    /** @param uid set by the reader when the manifest has none (I5) */
    public record ObjectMeta(String name, String namespace, @Nullable String uid, Map<String, String> labels,
            Map<String, String> annotations) {

        public ObjectMeta {
            labels = Lists.of(labels);
            annotations = Lists.of(annotations);
        }
    }
}

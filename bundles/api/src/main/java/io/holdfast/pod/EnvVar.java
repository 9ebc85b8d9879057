package io.holdfast.pod;

import org.jspecify.annotations.Nullable;

/** Either a value (may be empty) or a reference to one. */
public record EnvVar(String name, @Nullable String value, @Nullable EnvVarSource valueFrom) {

    /** Exactly one is present. */
    public record EnvVarSource(@Nullable FieldRef fieldRef, @Nullable ResourceFieldRef resourceFieldRef,
            @Nullable KeyRef configMapKeyRef, @Nullable KeyRef secretKeyRef) {
    }

    /** @param fieldPath such as {@code status.podIP} or {@code metadata.labels['app']} */
    public record FieldRef(@Nullable String apiVersion, String fieldPath) {
    }

    public record ResourceFieldRef(@Nullable String containerName, String resource, @Nullable Quantity divisor) {
    }

    public record KeyRef(String name, String key, boolean optional) {
    }
}

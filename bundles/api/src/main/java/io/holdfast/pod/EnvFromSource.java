package io.holdfast.pod;

import org.jspecify.annotations.Nullable;

/** All keys of a ConfigMap or a Secret as environment variables; exactly one reference is present. */
public record EnvFromSource(@Nullable String prefix, @Nullable ObjectRef configMapRef, @Nullable ObjectRef secretRef) {

    public record ObjectRef(String name, boolean optional) {
    }
}

package io.holdfast.reconciler;

import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration {@code io.holdfast.reconciler}; a key {@code a_b} here is {@code a.b} in the file. */
@ObjectClassDefinition(name = "Holdfast reconciler")
@interface ReconcilerConfig {

    /** Wait before the second restart of a crashing container; the first is at once. Doubles from there. */
    int restart_backoff_seconds() default 10;

    int restart_backoff_max_seconds() default 300;

    /** A container that ran this long starts afresh with its back-off. */
    int restart_backoff_reset_seconds() default 600;

    int relist_seconds() default 10;

    int parallel_starts() default 4;

    int parallel_pulls() default 3;

    /** Docker's {@code config.json} with credentials for registries; empty for the usual places. */
    String docker_config() default "";

    /** Where {@code localhostProfile}s of seccomp are; the default is the kubelet's. */
    String seccomp_directory() default "/var/lib/kubelet/seccomp";

    /** Sysctls a pod may set beside the safe ones, with commas between them; a {@code *} may be at the end of a name. */
    String allowed_unsafe_sysctls() default "";
}

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

    /** Images that nobody needs are removed when their disk is as full as this; 100 for never. */
    int image_gc_high_percent() default 85;

    int image_gc_low_percent() default 80;

    int image_gc_min_age_seconds() default 120;

    int image_gc_period_seconds() default 300;

    /** Whose images may be removed; on Docker they are often somebody else's. */
    String image_gc_runtimes() default "cri";

    /** What pods' {@code resolv.conf} is made of; empty for the node's own, or systemd-resolved's where that is a stub. */
    String resolv_conf() default "";

    /** Where {@code localhostProfile}s of seccomp are; the default is the kubelet's. */
    String seccomp_directory() default "/var/lib/kubelet/seccomp";

    /** Sysctls a pod may set beside the safe ones, with commas between them; a {@code *} may be at the end of a name. */
    String allowed_unsafe_sysctls() default "";

    /** What the name of the cgroup begins with that those of all pods are in; empty: pods get none of their own. */
    String cgroup_root() default "holdfast";
}

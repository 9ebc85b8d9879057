package io.holdfast.runtime.cri;

/** The configuration {@code io.holdfast.runtime.cri}. */
@interface CriConfig {

    /** The engine's Unix socket. */
    String endpoint() default "unix:///run/containerd/containerd.sock";

    /** How big a container's log may become before it is rotated: a number of bytes, or one with k, m or g. */
    String log_max_size() default "10m";

    /** How many files of a container's log are kept, the current one among them. */
    int log_max_file() default 5;
}

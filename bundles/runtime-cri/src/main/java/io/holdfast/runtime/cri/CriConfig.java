package io.holdfast.runtime.cri;

/** The configuration {@code io.holdfast.runtime.cri}. */
@interface CriConfig {

    /** The engine's Unix socket. */
    String endpoint() default "unix:///run/containerd/containerd.sock";
}

package io.holdfast.status;

import java.time.Instant;

/** Something that happened to a pod, as Kubernetes tells it; repeated ones are counted. */
public record PodEvent(Type type, String reason, String message, int count, Instant first, Instant last) {

    public enum Type {
        Normal, Warning
    }
}

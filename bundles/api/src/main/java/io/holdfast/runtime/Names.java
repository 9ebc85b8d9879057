package io.holdfast.runtime;

/**
 * Keys of the labels and annotations on sandboxes and containers: what must outlive the agent (design decisions 4 and
 * 12, behaviours R8 and C7).
 */
public final class Names {

    // as the kubelet writes them
    public static final String POD_NAME = "io.kubernetes.pod.name";
    public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    public static final String POD_UID = "io.kubernetes.pod.uid";
    public static final String CONTAINER_NAME = "io.kubernetes.container.name";
    public static final String CONTAINER_HASH = "io.kubernetes.container.hash";
    public static final String RESTART_COUNT = "io.kubernetes.container.restartCount";
    public static final String TERMINATION_MESSAGE_PATH = "io.kubernetes.container.terminationMessagePath";
    public static final String TERMINATION_MESSAGE_POLICY = "io.kubernetes.container.terminationMessagePolicy";
    public static final String GRACE_PERIOD = "io.kubernetes.pod.terminationGracePeriod";
    public static final String CONFIG_SOURCE = "kubernetes.io/config.source";
    public static final String CONFIG_SEEN = "kubernetes.io/config.seen";
    public static final String CONFIG_HASH = "kubernetes.io/config.hash";

    /** Label, {@code "true"}: Holdfast owns this; whatever lacks it is never touched. */
    public static final String MANAGED = "io.holdfast.managed";
    /** Annotation: the {@code source.name} that the pod came from. */
    public static final String SOURCE = "io.holdfast.source";
    /** Annotation: the file or URL that the pod came from. */
    public static final String ORIGIN = "io.holdfast.origin";

    private Names() {
    }
}

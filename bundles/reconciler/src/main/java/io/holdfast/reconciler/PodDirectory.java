package io.holdfast.reconciler;

import java.nio.file.Path;

import io.holdfast.pod.Node;
import io.holdfast.pod.PodName;
import io.holdfast.pod.Volume;

/** Where the files of an edition are, laid out as the kubelet does (behaviour G2 for the logs). */
record PodDirectory(Path root, Path logs, Path logLinks) {

    static PodDirectory of(Node node, PodName name, String uid) {
        if (uid.isBlank() || uid.contains("/") || uid.startsWith(".")) { // an empty one would be the directory of all
            throw new IllegalArgumentException("'" + uid + "' cannot name a directory");
        }
        return new PodDirectory(pods(node).resolve(uid),
                node.podLogDirectory().resolve(name.namespace() + "_" + name.name() + "_" + uid),
                node.podLogDirectory().resolveSibling("containers"));
    }

    static Path pods(Node node) {
        return node.stateDirectory().resolve("pods");
    }

    Path emptyDir(String volume) {
        return root.resolve("volumes/kubernetes.io~empty-dir").resolve(volume);
    }

    /** Of a volume that shows ConfigMaps, Secrets or the pod itself. */
    Path config(Volume volume) {
        return configs(volume).resolve(volume.name());
    }

    /** With its likes. */
    Path configs(Volume volume) {
        String kind = volume.secret() != null ? "secret" : volume.configMap() != null ? "configmap"
                : volume.downwardAPI() != null ? "downward-api" : "projected";
        return root.resolve("volumes/kubernetes.io~" + kind);
    }

    /** Where a part of a volume is mounted for a container. */
    Path subPath(String volume, String container, int mount) {
        return root.resolve("volume-subpaths").resolve(volume).resolve(container).resolve(Integer.toString(mount));
    }

    /** A mark: this attempt was stopped to be started anew, it did not end by itself. */
    Path stoppedForConfig(String container, int attempt) {
        return mark(container, attempt, "config-changed");
    }

    /** Something to be remembered of this attempt. */
    Path mark(String container, int attempt, String what) {
        return root.resolve("containers").resolve(container).resolve(attempt + "." + what);
    }

    /** Says where the pod's cgroup is. */
    Path cgroup() {
        return cgroup(root);
    }

    static Path cgroup(Path root) {
        return root.resolve("cgroup");
    }

    Path hosts() {
        return root.resolve("etc-hosts");
    }

    Path terminationMessage(String container, int attempt) {
        return root.resolve("containers").resolve(container).resolve(Integer.toString(attempt));
    }

    /** Relative to {@link #logs()}. */
    static String log(String container, int attempt) {
        return container + "/" + attempt + ".log";
    }

    Path logLink(PodName name, String container, String containerId) {
        return logLinks.resolve(name.name() + "_" + name.namespace() + "_" + container + "-" + containerId + ".log");
    }
}

package io.holdfast.reconciler;

import java.nio.file.Path;

import io.holdfast.pod.Node;
import io.holdfast.pod.PodName;

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

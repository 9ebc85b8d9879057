package io.holdfast.pod;

/** A pod's identity on this node: its namespace and its name (with the node's name at its end, behaviour I1). */
public record PodName(String namespace, String name) implements Comparable<PodName> {

    @Override
    public int compareTo(PodName other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /** {@code namespace/name}, as in logs and messages. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}

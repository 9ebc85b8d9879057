package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.holdfast.pod.Pod;
import io.holdfast.pod.PodSpec.HostAlias;

/** The files that the agent writes for a pod (behaviour G4). */
final class PodFiles {

    private static final Path NODE_HOSTS = Path.of("/etc/hosts");
    /** Each byte as it is, whatever the node's file is written in; what the agent writes is ASCII. */
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private PodFiles() {
    }

    /**
     * Writes {@code /etc/hosts} as the kubelet does.
     *
     * @param ip of the pod, or empty
     */
    static void hosts(Pod pod, String ip, Path at) throws IOException {
        StringBuilder text = new StringBuilder();
        if (pod.spec().hostNetwork()) {
            text.append("# Kubernetes-managed hosts file (host network).\n");
            text.append(Files.exists(NODE_HOSTS) ? new String(Files.readAllBytes(NODE_HOSTS), BYTES) : "");
        } else {
            text.append("""
                    # Kubernetes-managed hosts file.
                    127.0.0.1\tlocalhost
                    ::1\tlocalhost ip6-localhost ip6-loopback
                    fe00::0\tip6-localnet
                    fe00::0\tip6-mcastprefix
                    fe00::1\tip6-allnodes
                    fe00::2\tip6-allrouters
                    """);
            if (!ip.isEmpty()) {
                String full = Hostname.full(pod);
                text.append(ip).append('\t').append(full.equals(Hostname.of(pod)) ? full : full + '\t' + Hostname.of(pod)).append('\n');
            }
        }
        List<HostAlias> aliases = pod.spec().hostAliases();
        if (!aliases.isEmpty()) {
            text.append("\n# Entries added by HostAliases.\n");
            aliases.forEach(a -> text.append(a.ip()).append('\t').append(String.join("\t", a.hostnames())).append('\n'));
        }
        Files.createDirectories(at.getParent());
        Files.writeString(at, text, BYTES);
    }

    /** An empty file for the container to write its last words to (behaviour T4). */
    static Path terminationMessage(Path at) throws IOException {
        Files.createDirectories(at.getParent());
        if (!Files.exists(at)) {
            Files.createFile(at);
            Files.setPosixFilePermissions(at, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));
        }
        return at;
    }
}

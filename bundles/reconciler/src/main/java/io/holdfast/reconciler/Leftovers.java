package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.pod.Node;

/**
 * What an agent that was killed had laid out for an edition that it then never made a sandbox for: no later plan would
 * find it (behaviour R8).
 */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private Leftovers() {
    }

    /** The UIDs of all that there is something of; to be called before any worker has an engine to work with. */
    static Set<String> find(Node node) {
        Set<String> uids = new HashSet<>();
        try {
            in(PodDirectory.pods(node)).forEach(directory -> uids.add(directory.getFileName().toString()));
        } catch (IOException e) {
            LOG.warn("cannot look for what is left of pods that never ran: {}", e.getMessage());
        }
        return uids;
    }

    /** @param uids nobody wants these, and no engine has them */
    static void remove(Node node, Set<String> uids, PodCgroups cgroups) throws InterruptedException {
        for (String uid : uids) {
            LOG.info("removing what is left of a pod that never ran, uid={}", uid);
            try {
                remove(node, uid, cgroups);
            } catch (IOException e) { // of this one; the others are none the worse for it
                LOG.warn("cannot remove what is left of a pod that never ran, it stays there, uid={}: {}", uid, e.getMessage());
            }
        }
    }

    private static void remove(Node node, String uid, PodCgroups cgroups) throws IOException, InterruptedException {
        for (Path logs : in(node.podLogDirectory())) {
            if (isOf(uid, logs)) {
                Mounts.delete(logs);
            }
        }
        Path directory = PodDirectory.pods(node).resolve(uid);
        cgroups.remove(directory);
        Mounts.delete(directory);
    }

    /** Neither namespaces nor names of pods have an underscore. */
    private static boolean isOf(String uid, Path logs) {
        String[] parts = logs.getFileName().toString().split("_", 3);
        return parts.length == 3 && parts[2].equals(uid);
    }

    private static List<Path> in(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
                all.forEach(found::add);
            }
        }
        return found;
    }
}

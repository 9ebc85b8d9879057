package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.runtime.RuntimeInfo.Cgroups;
import io.holdfast.source.DesiredPod;

/**
 * Gives each pod a cgroup of its own, and takes it away (behaviour G6). Which one it is, is kept among the pod's files
 * from before it is made: by that any later agent finds it, whatever its configuration, and a pod that has none stays so.
 */
final class PodCgroups {

    private static final Logger LOG = LoggerFactory.getLogger(PodCgroups.class);

    private final String root;
    private final CgroupDriver files;
    private final CgroupDriver slices;
    private final AtomicBoolean failing = new AtomicBoolean();

    /** @param root the name of the one that has all others in it; empty: pods get none */
    PodCgroups(String root, CgroupDriver files, CgroupDriver slices) {
        this.root = root;
        this.files = files;
        this.slices = slices;
    }

    String root() {
        return root;
    }

    static PodCgroups none() {
        return of("", Path.of(""));
    }

    /**
     * @param root what its name begins with; after it stands who it is of: what is in there is nobody else's, and may be
     *        killed with its pod
     * @param state the agent's state directory, which no other agent has
     */
    static PodCgroups of(String root, Path state) {
        if (!root.matches("[A-Za-z0-9_]*")) { // a dash or a dot means something to systemd, and a slash to both
            throw new IllegalArgumentException("io.holdfast.reconciler: cgroup.root: '" + root + "' is not a name of"
                    + " letters, digits and _; expected something like holdfast, or nothing for no cgroups");
        }
        CgroupTree tree = new CgroupTree(Path.of("/sys/fs/cgroup"));
        return new PodCgroups(root.isEmpty() ? "" : "%s_%08x".formatted(root, state.toString().hashCode()), tree,
                new Slices(tree, "busctl"));
    }

    /**
     * Makes the pod's.
     *
     * @param driver of the engine
     * @return what the engine is to put the pod in, empty for the engine's own choice
     */
    String make(DesiredPod desired, Cgroups driver, PodDirectory directory) throws InterruptedException {
        if (root.isEmpty() || driver == Cgroups.Unknown) {
            return "";
        }
        PodCgroup group = PodCgroup.of(driver, root, Qos.of(desired.pod().spec()), desired.uid());
        try {
            keep(group, directory);
            driver(group).make(group, CgroupMath.of(desired.pod().spec()));
            if (failing.compareAndSet(true, false)) {
                LOG.info("pods get cgroups again");
            }
            return group.parent();
        } catch (IOException e) {
            if (failing.compareAndSet(false, true)) {
                LOG.warn("no cgroup for pod {}, it runs without one, as all will for which it cannot be made: {}",
                        desired.name(), reason(e));
            }
            giveUp(group, directory);
            return "";
        }
    }

    private static void keep(PodCgroup group, PodDirectory directory) throws IOException {
        Path part = Files.writeString(directory.root().resolve("cgroup.part"), group.path().toString());
        Files.move(part, directory.cgroup(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The containers get none then either. */
    private void giveUp(PodCgroup group, PodDirectory directory) throws InterruptedException {
        try {
            Files.deleteIfExists(directory.cgroup());
            driver(group).remove(group);
        } catch (IOException e) {
            LOG.debug("what there is of cgroup {} stays: {}", group.path(), reason(e));
        }
    }

    private CgroupDriver driver(PodCgroup group) {
        return group.isSlice() ? slices : files;
    }

    /** What the engine was told for the pod's sandbox, and is to be told for its containers. */
    String parent(PodDirectory directory) throws IOException {
        return kept(directory.root()).map(PodCgroup::parent).orElse("");
    }

    /**
     * Removes that of a pod which its engine knows nothing of any more.
     *
     * @param directory the pod's, which is named by its UID
     */
    void remove(Path directory) throws IOException, InterruptedException {
        Optional<PodCgroup> group = kept(directory);
        if (group.isPresent()) {
            try {
                int lost = driver(group.get()).end(group.get());
                if (lost > 0) {
                    LOG.warn("killed {} processes in cgroup {}: their pod is gone, and its engine had lost them", lost,
                            group.get().path());
                }
                driver(group.get()).remove(group.get());
            } catch (IOException e) {
                throw new IOException("cgroup " + group.get().path() + ": " + reason(e), e);
            }
        }
    }

    /** A file that was cut off names no pod's group. */
    private static Optional<PodCgroup> kept(Path directory) throws IOException {
        Path file = PodDirectory.cgroup(directory);
        String path = Files.exists(file) ? Files.readString(file) : "";
        return path.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(new PodCgroup(Path.of(path)))
                .filter(group -> group.isOf(directory.getFileName().toString()));
    }

    private static String reason(IOException e) {
        return Volumes.reason(e);
    }
}

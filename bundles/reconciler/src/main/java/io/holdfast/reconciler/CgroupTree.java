package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Cgroups as directories and files: version 1 has a hierarchy for each controller, version 2 one for all. The classes and
 * what is above them weigh as much as the pods in them ask for, or a guaranteed pod, which is beside them, would get less
 * than it asks for.
 *
 * @param mount such as {@code /sys/fs/cgroup}
 */
record CgroupTree(Path mount) implements CgroupDriver {

    private static final String BURSTABLE = "burstable";
    private static final String BEST_EFFORT = "besteffort";
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int MOST_LOOKS = 50;

    /** A controller's hierarchy, and the name and the scale of the weight in it. */
    private record Cpu(Path hierarchy, boolean unified) {

        String file() {
            return unified ? "cpu.weight" : "cpu.shares";
        }

        long weight(long shares) {
            return unified ? PodLimits.weight(shares) : shares;
        }
    }

    boolean isUnified() {
        return Files.exists(mount.resolve("cgroup.controllers"));
    }

    private Cpu cpu() {
        return new Cpu(isUnified() ? mount : mount.resolve("cpu"), isUnified());
    }

    @Override
    public synchronized void make(PodCgroup group, PodLimits limits) throws IOException {
        if (isUnified()) {
            makeUnified(group.path(), limits);
        } else {
            makeEach(group.path(), limits);
        }
        Path root = group.path().getName(0);
        write(cpu().hierarchy().resolve(root), cpu().file(),
                cpu().weight(CgroupMath.shares(1000 * Capacity.of("cpu", mount).longValue())));
        weigh(group.level());
    }

    private void makeUnified(Path path, PodLimits limits) throws IOException {
        Path at = mount;
        for (Path name : path) {
            Files.writeString(at.resolve("cgroup.subtree_control"), "+cpu +memory");
            at = at.resolve(name);
            Files.createDirectories(at);
        }
        write(at, "cpu.weight", PodLimits.weight(limits.cpuShares()));
        if (limits.cpuQuota() > 0) {
            Files.writeString(at.resolve("cpu.max"), limits.cpuQuota() + " " + CgroupMath.PERIOD_MICROS);
        }
        if (limits.memory() > 0) {
            write(at, "memory.max", limits.memory());
        }
    }

    private void makeEach(Path path, PodLimits limits) throws IOException {
        Path cpu = Files.createDirectories(hierarchy("cpu").resolve(path));
        write(cpu, "cpu.shares", limits.cpuShares());
        if (limits.cpuQuota() > 0) {
            write(cpu, "cpu.cfs_period_us", CgroupMath.PERIOD_MICROS);
            write(cpu, "cpu.cfs_quota_us", limits.cpuQuota());
        }
        Path memory = Files.createDirectories(hierarchy("memory").resolve(path));
        if (limits.memory() > 0) {
            write(memory, "memory.limit_in_bytes", limits.memory());
        }
    }

    private Path hierarchy(String controller) throws IOException {
        Path hierarchy = mount.resolve(controller);
        if (!Files.isDirectory(hierarchy)) {
            throw new IOException("there is no cgroup controller at " + hierarchy);
        }
        return hierarchy;
    }

    private void weigh(Path level) throws IOException {
        Path at = cpu().hierarchy().resolve(level);
        if (level.endsWith(BEST_EFFORT) && Files.exists(at)) {
            write(at, cpu().file(), cpu().weight(CgroupMath.MIN_SHARES));
        } else if (level.endsWith(BURSTABLE) && Files.exists(at)) {
            write(at, cpu().file(),
                    Math.clamp(weights(at), cpu().weight(CgroupMath.MIN_SHARES), cpu().weight(CgroupMath.MAX_SHARES)));
        }
    }

    private long weights(Path level) throws IOException {
        long sum = 0;
        for (Path pod : children(level)) {
            try {
                sum += Long.parseLong(Files.readString(pod.resolve(cpu().file())).strip());
            } catch (IOException _) { // another agent's, just removed
            }
        }
        return sum;
    }

    private static void write(Path group, String file, long value) throws IOException {
        Files.writeString(group.resolve(file), Long.toString(value));
    }

    /** From every hierarchy: an engine makes the parent of a container's group in all of them. */
    @Override
    public synchronized void remove(PodCgroup group) throws IOException {
        for (Path hierarchy : hierarchies()) {
            delete(hierarchy.resolve(group.path()));
            prune(hierarchy, group.level());
        }
        weigh(group.level());
    }

    /** An agent without pods has no cgroup. */
    private static void prune(Path hierarchy, Path level) throws IOException {
        for (Path at = level; at != null && children(hierarchy.resolve(at)).isEmpty(); at = at.getParent()) {
            try {
                Files.deleteIfExists(hierarchy.resolve(at));
            } catch (FileSystemException _) { // somebody put something into it
                return;
            }
        }
    }

    boolean exists(PodCgroup group) throws IOException {
        return hierarchies().stream().anyMatch(h -> Files.isDirectory(h.resolve(group.path())));
    }

    /** Whether a process is in it, or below. */
    boolean isPopulated(PodCgroup group) throws IOException {
        return !processes(group).isEmpty();
    }

    @Override
    public int end(PodCgroup group) throws IOException, InterruptedException {
        Set<Long> all = processes(group);
        Set<Long> left = all;
        for (int looks = 0; !left.isEmpty(); looks++) {
            if (looks == MOST_LOOKS) {
                throw new IOException("processes " + left + " do not end");
            }
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            Thread.sleep(LOOK);
            left = processes(group);
        }
        return all.size();
    }

    private Set<Long> processes(PodCgroup group) throws IOException {
        Set<Long> found = new TreeSet<>();
        for (Path hierarchy : hierarchies()) {
            collect(hierarchy.resolve(group.path()), found);
        }
        return found;
    }

    private static void collect(Path group, Set<Long> found) throws IOException {
        try {
            Files.readAllLines(group.resolve("cgroup.procs")).forEach(pid -> found.add(Long.valueOf(pid)));
        } catch (NoSuchFileException _) { // just removed, or never there
            return;
        }
        for (Path child : children(group)) {
            collect(child, found);
        }
    }

    private List<Path> hierarchies() throws IOException {
        return isUnified() ? List.of(mount) : children(mount);
    }

    /** As the kernel has it, only a group without processes can be deleted; its files go with it. */
    private static void delete(Path group) throws IOException {
        for (Path child : children(group)) {
            delete(child);
        }
        Files.deleteIfExists(group);
    }

    /** None of what is not there; links are other names of hierarchies. */
    private static List<Path> children(Path group) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(group,
                p -> Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))) {
            all.forEach(found::add);
        } catch (NoSuchFileException _) { // just removed
            return List.of();
        }
        return found;
    }
}

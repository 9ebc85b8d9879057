package io.holdfast.mirror;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What Linux says of this machine, read anew each time. Sizes are KiB. */
final class Machine {

    private final Path root;
    private final Path storage;

    /**
     * @param root where {@code proc}, {@code sys} and {@code etc} are
     * @param storage on the file system that pods write to
     */
    Machine(Path root, Path storage) {
        this.root = root;
        this.storage = storage;
    }

    long cpus() {
        return lines("proc/stat").filter(line -> line.matches("cpu\\d.*")).count();
    }

    long memory() {
        return meminfo("MemTotal");
    }

    long availableMemory() {
        return meminfo("MemAvailable");
    }

    long storage() {
        return store(FileStore::getTotalSpace) / 1024;
    }

    long availableStorage() {
        return store(FileStore::getUsableSpace) / 1024;
    }

    /** Processes and threads that there are. */
    long tasks() {
        String[] running = text("proc/loadavg").split("[ /]");
        return running.length > 4 ? Long.parseLong(running[4]) : 0;
    }

    long mostTasks() {
        return Stream.of("proc/sys/kernel/pid_max", "proc/sys/kernel/threads-max").map(this::text)
                .filter(s -> !s.isEmpty()).mapToLong(Long::parseLong).min().orElse(Long.MAX_VALUE);
    }

    String kernel() {
        return text("proc/sys/kernel/osrelease");
    }

    String bootId() {
        return text("proc/sys/kernel/random/boot_id");
    }

    String machineId() {
        return text("etc/machine-id");
    }

    String systemUuid() {
        String uuid = text("sys/class/dmi/id/product_uuid");
        return uuid.isEmpty() ? machineId() : uuid;
    }

    String osImage() {
        return lines("etc/os-release").filter(line -> line.startsWith("PRETTY_NAME="))
                .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", "")).findFirst().orElse("Linux");
    }

    /** As Kubernetes calls it. */
    static String architecture(String java) {
        return Map.of("x86_64", "amd64", "aarch64", "arm64", "ppc64", "ppc64le").getOrDefault(java, java);
    }

    private long meminfo(String key) {
        return lines("proc/meminfo").filter(line -> line.startsWith(key + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
    }

    private interface Measure {
        long of(FileStore store) throws IOException;
    }

    private long store(Measure measure) {
        try {
            Path there = Optional.of(storage).filter(Files::exists).orElse(root);
            return measure.of(Files.getFileStore(there));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty where there is no such file: machines differ. */
    private String text(String file) {
        return lines(file).findFirst().orElse("").strip();
    }

    private Stream<String> lines(String file) {
        try {
            return Files.readAllLines(root.resolve(file)).stream();
        } catch (IOException e) {
            return List.<String>of().stream();
        }
    }
}

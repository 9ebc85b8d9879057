package io.holdfast.reconciler;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the node has of a resource: as much as a container without a limit may use. */
final class Capacity {

    private static final Path CPUS = Path.of("/sys/devices/system/cpu/online");
    private static final Path MEMORY = Path.of("/proc/meminfo");

    private Capacity() {
    }

    /**
     * In cores or bytes; 0 for what no node has by itself.
     *
     * @param disk where the pods' files are
     */
    static BigDecimal of(String resource, Path disk) throws IOException {
        return switch (resource) {
            case "cpu" -> BigDecimal.valueOf(cpus(Files.readString(CPUS)));
            case "memory" -> BigDecimal.valueOf(memory());
            case "ephemeral-storage" -> BigDecimal.valueOf(Files.getFileStore(disk).getTotalSpace());
            default -> BigDecimal.ZERO;
        };
    }

    /** Bytes. */
    static long memory() throws IOException {
        String total = Files.readAllLines(MEMORY).stream().filter(line -> line.startsWith("MemTotal:")).findFirst()
                .orElseThrow(() -> new IOException(MEMORY + " has no MemTotal"));
        return Long.parseLong(total.replaceAll("\\D", "")) * 1024;
    }

    /** @param ranges such as {@code 0-3,5} */
    static int cpus(String ranges) {
        int count = 0;
        for (String range : ranges.strip().split(",", -1)) {
            String[] ends = range.split("-", 2);
            count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
        }
        return count;
    }
}

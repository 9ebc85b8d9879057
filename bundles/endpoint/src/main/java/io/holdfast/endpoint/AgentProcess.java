package io.holdfast.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the agent itself takes, from {@code /proc}, so that the JDK's management classes need not be loaded. */
final class AgentProcess {

    private static final Path SELF = Path.of("/proc/self");
    private static final int KIB = 1024;

    private AgentProcess() {
    }

    static void measure(Figures figures) throws IOException {
        ProcessHandle.Info info = ProcessHandle.current().info();
        info.totalCpuDuration().ifPresent(cpu -> figures.counter("process_cpu_seconds", "CPU time, in seconds.",
                cpu.toNanos() / 1e9));
        info.startInstant().ifPresent(start -> figures.gauge("process_start_time_seconds",
                "When the agent started, in seconds since 1970.", start.toEpochMilli() / 1e3));
        if (Files.isReadable(SELF.resolve("status"))) {
            List<String> status = Files.readAllLines(SELF.resolve("status"));
            memory(figures, status, "VmRSS:", "process_resident_memory_bytes", "Resident memory.");
            memory(figures, status, "VmSize:", "process_virtual_memory_bytes", "Virtual memory.");
            try (Stream<Path> open = Files.list(SELF.resolve("fd"))) {
                figures.gauge("process_open_fds", "Open files.", (double) open.count());
            }
        }
    }

    private static void memory(Figures figures, List<String> status, String line, String name, String help) {
        status.stream().filter(l -> l.startsWith(line)).findFirst().map(l -> l.replaceAll("\\D", ""))
                .ifPresent(kib -> figures.gauge(name, help, Double.parseDouble(kib) * KIB));
    }
}

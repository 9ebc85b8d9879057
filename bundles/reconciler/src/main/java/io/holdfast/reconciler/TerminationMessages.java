package io.holdfast.reconciler;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.holdfast.pod.Node;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;

/** A container's last words (behaviour T4). */
final class TerminationMessages {

    private static final int MOST_BYTES = 4096;
    private static final int MOST_LOG_BYTES = 2048;
    private static final int MOST_LOG_LINES = 80;

    private TerminationMessages() {
    }

    /** The sandbox with the last words of the containers in it that have ended. */
    static Sandbox within(Node node, PodName name, Sandbox s) {
        List<ObservedPod.Container> containers = s.containers().stream()
                .map(c -> c.state() instanceof State.Exited e ? new ObservedPod.Container(c.id(), c.name(), c.attempt(),
                        new State.Exited(e.exitCode(), e.reason(), of(node, name, s.uid(), c, e), e.startedAt(),
                                e.finishedAt()),
                        c.image(), c.imageId(), c.logPath(), c.labels(), c.annotations()) : c)
                .toList();
        return new Sandbox(s.id(), s.uid(), s.attempt(), s.ready(), s.createdAt(), s.ips(), s.labels(), s.annotations(),
                containers);
    }

    /** What {@code state.terminated.message} says of a container that has ended. */
    static String of(Node node, PodName name, String uid, ObservedPod.Container container, State.Exited exited) {
        if (!exited.message().isEmpty()) {
            return exited.message();
        }
        Path file = PodDirectory.of(node, name, uid).terminationMessage(container.name(), container.attempt());
        String words = Files.isRegularFile(file) ? head(file) : "";
        boolean fromLog = words.isEmpty() && exited.exitCode() != 0 && container.logPath() != null
                && "FallbackToLogsOnError".equals(container.annotations().get(Names.TERMINATION_MESSAGE_POLICY));
        return fromLog ? logTail(Path.of(String.valueOf(container.logPath()))) : words;
    }

    private static String head(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "cannot read the termination message: " + e.getMessage();
        }
    }

    private static String logTail(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            // each line carries about 45 bytes of time and stream: twice the size is enough to cut from
            long from = Math.max(0, file.length() - 2 * MOST_LOG_BYTES - MOST_LOG_LINES * 45L);
            file.seek(from);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().map(TerminationMessages::text)
                    .toList();
            String text = String.join("\n", lines.subList(Math.max(0, lines.size() - MOST_LOG_LINES), lines.size()));
            return text.substring(Math.max(0, text.length() - MOST_LOG_BYTES));
        } catch (IOException | UncheckedIOException e) {
            return "cannot read the log: " + e.getMessage();
        }
    }

    /** {@code 2026-01-01T00:00:00Z stdout F text} */
    private static String text(String line) {
        String[] parts = line.split(" ", 4);
        return parts.length == 4 ? parts[3] : "";
    }
}

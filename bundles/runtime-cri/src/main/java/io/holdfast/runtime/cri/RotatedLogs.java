package io.holdfast.runtime.cri;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

import io.holdfast.kit.log.LogLimits;

/**
 * The files of a log, named as the kubelet names them: {@code 0.log} is written to, {@code 0.log.20260501-120000} was moved
 * aside last and stays as it is, for whoever still reads it; those before it are compressed, {@code .gz}, as many as are
 * kept.
 */
record RotatedLogs(LogLimits limits, InstantSource clock) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String COMPRESSED = ".gz";
    private static final String UNFINISHED = ".tmp";

    boolean isFull(Path log) throws IOException {
        return Files.size(log) >= limits.maxBytes();
    }

    /** Makes room for one more. @return where the log is now */
    Path moveAside(Path log) throws IOException {
        List<Path> older = older(log);
        int kept = Math.max(0, limits.maxFiles() - 2); // beside the one that is moved now, and the new one
        for (Path excess : older.subList(0, Math.max(0, older.size() - kept))) {
            Files.deleteIfExists(excess);
        }
        for (Path stays : older.subList(Math.max(0, older.size() - kept), older.size())) {
            if (!stays.toString().endsWith(COMPRESSED)) {
                compress(stays);
            }
        }
        if (limits.maxFiles() == 1) {
            Files.delete(log);
            return log;
        }
        return Files.move(log, log.resolveSibling(log.getFileName() + "." + TIME.format(clock.instant())),
                StandardCopyOption.ATOMIC_MOVE);
    }

    /** The engine goes on writing into what was moved, so that it is the log again. */
    void moveBack(Path moved, Path log) throws IOException {
        if (!moved.equals(log) && !Files.exists(log)) {
            Files.move(moved, log, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** By time, the oldest first. */
    private static List<Path> older(Path log) throws IOException {
        List<Path> older = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(log.resolveSibling("."), log.getFileName() + ".*")) {
            for (Path file : files) {
                if (file.toString().endsWith(UNFINISHED)) {
                    Files.deleteIfExists(file); // of an agent that was stopped meanwhile
                } else {
                    older.add(file.normalize());
                }
            }
        }
        older.sort(null);
        return older;
    }

    private static void compress(Path file) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(unfinished))) {
            Files.copy(file, out);
        }
        Files.move(unfinished, file.resolveSibling(file.getFileName() + COMPRESSED), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(file);
    }
}

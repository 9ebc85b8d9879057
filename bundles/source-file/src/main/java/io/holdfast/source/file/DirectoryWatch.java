package io.holdfast.source.file;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.source.file.Touched.Sign;

/** The kernel's notices about one directory. */
final class DirectoryWatch implements Closeable {

    private final Path directory;
    private final WatchService service;

    DirectoryWatch(Path directory) throws IOException {
        this.directory = directory;
        this.service = directory.getFileSystem().newWatchService();
        try {
            directory.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
        } catch (IOException e) {
            service.close();
            throw new IOException(directory + ": cannot be watched: " + Reasons.of(e), e);
        }
    }

    /**
     * Waits for at least one notice, at most {@code nanos}.
     *
     * @throws IOException the directory was deleted or unmounted
     */
    Touched next(long nanos) throws IOException, InterruptedException {
        WatchKey key = service.poll(nanos, NANOSECONDS);
        if (key == null) {
            return Touched.NOTHING;
        }
        Map<Path, Sign> names = new LinkedHashMap<>();
        boolean lost = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            @Nullable Object name = event.context();
            if (name instanceof Path path) {
                names.put(path, ENTRY_MODIFY.equals(event.kind()) ? Sign.WRITTEN : Sign.NAMED);
            } else {
                lost = true;
            }
        }
        if (!key.reset()) {
            throw new IOException(directory + ": the directory is gone; its pods stay as they are until it is back");
        }
        return new Touched(names, lost);
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}

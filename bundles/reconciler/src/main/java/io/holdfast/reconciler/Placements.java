package io.holdfast.reconciler;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;

/**
 * What no engine can tell while it is away: which pods were put on it, and what was decided about runtimes. A file of
 * lines {@code key=value} in the state directory; what changes is added at its end, the last line of a key counts, an
 * empty value ends it. Not forced to the disk: what a power cut takes from it, it has also stopped. For any thread.
 */
final class Placements {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final String FILE = "runtimes";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String BOOT = "boot";
    private static final String DEFAULT = "default";
    private static final String AT = "at.";
    private static final String MOVED = "moved.";

    private final Path file;
    private final Cell<Map<String, String>> lines;
    private volatile boolean failing;

    Placements(Path stateDirectory) {
        this(stateDirectory, boot());
    }

    /** @param boot another one for each start of the machine: nothing that ran before it runs now */
    Placements(Path stateDirectory, String boot) {
        file = stateDirectory.resolve(FILE);
        Map<String, String> found = load();
        if (!boot.equals(found.get(BOOT))) {
            found.keySet().removeIf(key -> key.startsWith(AT));
            found.put(BOOT, boot);
        }
        lines = new Cell<>(Map.copyOf(found));
    }

    private static String boot() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** The runtime that has something of the pod, or had when last heard of. */
    Optional<String> at(PodName pod) {
        return get(AT + pod);
    }

    void at(PodName pod, String runtime) {
        put(AT + pod, runtime);
    }

    /** That runtime has nothing of it any more. */
    void left(PodName pod, String runtime) {
        if (at(pod).filter(runtime::equals).isPresent()) {
            put(AT + pod, "");
        }
    }

    /** All runtimes that had pods when last heard of. */
    Set<String> runtimes() {
        return lines.value().entrySet().stream().filter(e -> e.getKey().startsWith(AT)).map(Map.Entry::getValue)
                .collect(Collectors.toSet());
    }

    /** Where a person wants it, whatever the configuration says. */
    Optional<String> moved(PodName pod) {
        return get(MOVED + pod);
    }

    void move(PodName pod, String runtime) {
        put(MOVED + pod, runtime);
    }

    void moveBack(PodName pod) {
        put(MOVED + pod, "");
    }

    /** The pod is gone for good. */
    void forget(PodName pod) {
        put(AT + pod, "");
        put(MOVED + pod, "");
    }

    /** Nothing runs there any more. */
    void forget(String runtime) {
        lines.value().forEach((key, value) -> {
            if (key.startsWith(AT) && value.equals(runtime)) {
                put(key, "");
            }
        });
    }

    Optional<String> byDefault() {
        return get(DEFAULT);
    }

    /** @return false: it was decided already */
    boolean decide(String runtime) {
        return put(DEFAULT, runtime);
    }

    private Optional<String> get(String key) {
        return Optional.ofNullable(lines.value().get(key));
    }

    /** @return false: nothing has changed */
    private boolean put(String key, String value) {
        boolean[] changed = new boolean[1];
        lines.update(now -> {
            if (value.equals(now.getOrDefault(key, ""))) {
                return now;
            }
            Map<String, String> next = new HashMap<>(now);
            if (value.isEmpty()) {
                next.remove(key);
            } else {
                next.put(key, value);
            }
            changed[0] = true;
            append(key + "=" + value + "\n", next); // in here, so that the file has the order of the changes
            return Map.copyOf(next);
        });
        return changed[0];
    }

    private void append(String line, Map<String, String> all) {
        try {
            if (Files.exists(file) && !failing) {
                Files.writeString(file, line, StandardOpenOption.APPEND);
            } else {
                rewrite(all);
            }
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("cannot write {}: {}; a restart of the agent may not know where pods were", file, e.toString());
            }
            failing = true;
        }
    }

    private void rewrite(Map<String, String> all) throws IOException {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(all).forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        Files.createDirectories(file.getParent());
        Path draft = file.resolveSibling(FILE + ".new");
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What is in the file, which is then written anew without what does not count any more. */
    private Map<String, String> load() {
        Map<String, String> found = new HashMap<>();
        try {
            String text = new String(Files.readAllBytes(file), UTF_8);
            int complete = text.lastIndexOf('\n') + 1; // the rest was being written when the machine stopped
            text.substring(0, complete).lines().filter(line -> line.indexOf('=') > 0).forEach(line -> {
                int at = line.indexOf('=');
                found.put(line.substring(0, at), line.substring(at + 1));
            });
            found.values().removeIf(String::isEmpty);
            rewrite(found);
        } catch (NoSuchFileException e) {
            // the first start here
        } catch (IOException e) {
            LOG.warn("cannot read {}: {}; where pods are is found out by looking", file, e.toString());
        }
        return found;
    }
}

package io.holdfast.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import io.holdfast.cell.Cell;
import io.holdfast.source.Manifest;
import io.holdfast.source.ManifestSink;

/** A sink that remembers what a source reported; for any number of threads. */
public final class RecordingSink implements ManifestSink {

    /**
     * @param readings how many there were
     * @param manifests the newest reading
     */
    public record Report(int readings, List<Manifest> manifests) {

        public Report {
            manifests = List.copyOf(manifests);
        }

        /** Contents by origin; unreadable ones as {@code unreadable: reason}. */
        public Map<String, String> texts() {
            Map<String, String> texts = new TreeMap<>();
            for (Manifest manifest : manifests) {
                texts.put(manifest.origin(), switch (manifest) {
                    case Manifest.Text(String _, byte[] content) -> new String(content, StandardCharsets.UTF_8);
                    case Manifest.Unreadable(String _, String reason) -> "unreadable: " + reason;
                });
            }
            return texts;
        }
    }

    /** Far more than any source needs; only a failing test takes this long. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Cell<Report> report = new Cell<>(new Report(0, List.of()));

    @Override
    public void replace(List<Manifest> manifests) {
        report.update(r -> new Report(r.readings() + 1, manifests));
    }

    public Report current() {
        return report.value();
    }

    /** Waits until the newest report is as expected, however many others came before it. */
    public Report await(String what, Predicate<Report> expected) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Cell.Versioned<Report> now = report.current();
        while (!expected.test(now.value())) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative()) {
                throw new AssertionError("expected " + what + ", but the last of " + now.value().readings()
                        + " readings is " + now.value().texts());
            }
            now = report.after(now.version(), left);
        }
        return now.value();
    }

    /** Waits for a first reading. */
    public Report awaitReading() throws InterruptedException {
        return await("a reading", r -> r.readings() > 0);
    }

    /** Waits until the newest reading is exactly this, as {@link Report#texts()} shows it. */
    public Report awaitTexts(Map<String, String> texts) throws InterruptedException {
        return await(texts.toString(), r -> r.readings() > 0 && r.texts().equals(texts));
    }
}

package io.holdfast.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.cell.Cell;
import io.holdfast.source.Manifest;
import io.holdfast.source.ManifestSink;
import io.holdfast.source.ManifestSource;

/** Reports what a test puts in: a list of manifests, or a failure. */
final class FakeSource implements ManifestSource {

    private record Next(@Nullable List<Manifest> report, @Nullable String failure) {
    }

    final Cell<List<ManifestSink>> sinks = new Cell<>(List.of());
    private final String name;
    private final String pid;
    private final Cell<Boolean> watching = new Cell<>(false);
    private final Cell<Next> next = new Cell<>(new Next(null, null));

    FakeSource(String name) {
        this(name, "io.holdfast.source." + name);
    }

    FakeSource(String name, String pid) {
        this.name = name;
        this.pid = pid;
    }

    Map<String, Object> properties() {
        return Map.of(ManifestSource.NAME, name, "service.pid", pid);
    }

    /** Pairs of origin and text. */
    FakeSource reports(String... originsAndTexts) {
        List<Manifest> manifests = new ArrayList<>();
        for (int i = 0; i < originsAndTexts.length; i += 2) {
            manifests.add(new Manifest.Text(originsAndTexts[i], originsAndTexts[i + 1].getBytes(UTF_8)));
        }
        return reports(manifests);
    }

    FakeSource reports(List<Manifest> manifests) {
        next.set(new Next(manifests, null));
        return this;
    }

    void fails(String why) {
        next.update(now -> new Next(now.report(), why));
    }

    boolean watching() {
        return watching.value();
    }

    @Override
    public void watch(ManifestSink sink) throws IOException, InterruptedException {
        watching.set(true);
        try {
            report(sink);
        } finally {
            watching.set(false);
        }
    }

    private void report(ManifestSink sink) throws IOException, InterruptedException {
        sinks.update(list -> List.of(sink));
        for (Cell.Versioned<Next> now = next.current();; now = next.after(now.version())) {
            if (now.value().failure() != null) {
                throw new IOException(now.value().failure());
            }
            if (now.value().report() != null) {
                sink.replace(now.value().report());
            }
        }
    }
}

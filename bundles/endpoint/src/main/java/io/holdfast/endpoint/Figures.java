package io.holdfast.endpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Figures in the text format of Prometheus. Labels are names and values in turn. */
final class Figures {

    static final String TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final Map<String, MetricSnapshot.Builder<?>> byName = new LinkedHashMap<>();

    void info(String name, String help, String... labels) {
        builder(name, help, InfoSnapshot.builder())
                .dataPoint(InfoDataPointSnapshot.builder().labels(Labels.of(labels)).build());
    }

    void gauge(String name, String help, double value, String... labels) {
        builder(name, help, GaugeSnapshot.builder())
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build());
    }

    /** @param name without {@code _total}, which is put to it */
    void counter(String name, String help, double value, String... labels) {
        builder(name, help, CounterSnapshot.builder())
                .dataPoint(CounterDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build());
    }

    void write(OutputStream out) throws IOException {
        List<MetricSnapshot> all = new ArrayList<>();
        byName.values().forEach(builder -> all.add(builder.build()));
        PrometheusTextFormatWriter.create().write(out, new MetricSnapshots(all), EscapingScheme.UNDERSCORE_ESCAPING);
    }

    @SuppressWarnings("unchecked") // a name is of one type
    private <B extends MetricSnapshot.Builder<B>> B builder(String name, String help, B builder) {
        return (B) byName.computeIfAbsent(name, _ -> builder.name(name).help(help));
    }
}

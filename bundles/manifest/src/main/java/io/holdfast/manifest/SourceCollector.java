package io.holdfast.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.source.ManifestSource;

/** The whiteboard: a worker for each source name. Of several services with one name the first runs, the others wait. */
final class SourceCollector {

    private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);

    private static final String PID = "service.pid";

    private final Manifests manifests;
    /** By name; the first of each list runs. */
    private final ConcurrentHashMap<String, List<SourceWorker>> workers = new ConcurrentHashMap<>();

    SourceCollector(Manifests manifests) {
        this.manifests = manifests;
    }

    void add(ManifestSource service, Map<String, ?> properties) {
        String name = ManifestSource.nameOf(properties);
        workers.compute(name, (n, before) -> {
            List<SourceWorker> now = before == null ? new ArrayList<>() : new ArrayList<>(before);
            now.add(new SourceWorker(name, String.valueOf(properties.get(PID)), service, manifests));
            if (now.size() == 1) {
                now.getFirst().start();
            } else {
                LOG.warn("source {} is there already; the newcomer is not used until that is gone: {}", name, service);
            }
            return now;
        });
    }

    void remove(ManifestSource service, Map<String, ?> properties) {
        workers.computeIfPresent(ManifestSource.nameOf(properties), (n, before) -> {
            List<SourceWorker> now = new ArrayList<>(before);
            now.removeIf(worker -> worker.runs(service));
            if (!now.contains(before.getFirst())) {
                before.getFirst().close();
                manifests.left(before.getFirst());
                now.stream().findFirst().ifPresent(SourceWorker::start);
            }
            return now.isEmpty() ? null : now;
        });
    }

    /**
     * Ends whatever the configuration with this PID is for: it reports no more.
     *
     * @param gone called when that is so, and before another service that waits for the name may begin
     */
    void end(String pid, Runnable gone) {
        for (String name : workers.keySet()) {
            workers.computeIfPresent(name, (n, before) -> {
                List<SourceWorker> now = before.stream().filter(worker -> !worker.isOf(pid)).toList();
                if (!now.contains(before.getFirst())) {
                    before.getFirst().close();
                    gone.run();
                    now.stream().findFirst().ifPresent(SourceWorker::start);
                }
                return now.isEmpty() ? null : now;
            });
        }
        gone.run(); // also for one that is absent
    }

    void close() {
        workers.values().forEach(list -> list.getFirst().close());
        workers.clear();
    }
}

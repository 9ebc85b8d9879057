package io.holdfast.itests.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import com.sun.management.OperatingSystemMXBean;

import io.holdfast.source.ManifestSource;
import io.holdfast.source.http.HttpSource;

/** Many nodes' HTTP sources in this process, all at one URL of a server in another, and nothing ever changes there. */
public final class Fleet implements AutoCloseable {

    private static final int NODES = 1000;
    private static final int PERIOD = 20;

    private final FleetServer.Handle server = FleetServer.start();
    private final List<Thread> nodes = new ArrayList<>();
    private final LongAdder readings = new LongAdder();

    private Fleet(int count, int period) throws IOException {
        for (int i = 0; i < count; i++) {
            ManifestSource source = source(Map.of("service.pid", "io.holdfast.source.http~" + i, "url", server.url(),
                    "period", period));
            nodes.add(Thread.ofVirtual().start(() -> watch(source)));
        }
    }

    /** @param args where to write the JSON */
    public static void main(String[] args) throws Exception {
        Report report = new Report();
        for (int sources : new int[] {200, 20}) {
            try (Fleet few = new Fleet(sources, 1)) {
                few.poll(report, sources);
            }
        }
        try (Fleet many = new Fleet(NODES, PERIOD)) {
            many.spread(report);
        }
        report.print();
        report.write(Path.of(args[0]));
    }

    /** All that this process does is to poll. Code that runs seldom finds its data in no cache, so the rate matters. */
    private void poll(Report report, int perSecond) throws IOException, InterruptedException {
        Thread.sleep(Duration.ofSeconds(15)); // warm-up
        Samples cpu = new Samples();
        for (int i = 0; i < 6; i++) {
            long before = readings.sum();
            long begin = cpuNanos();
            Thread.sleep(Duration.ofSeconds(5));
            cpu.add((cpuNanos() - begin) / 1e6 / (readings.sum() - before));
        }
        report.add("CPU of an unchanged poll, " + perSecond + " a second", "ms", "", "1 ms", cpu);
    }

    private void spread(Report report) throws IOException, InterruptedException {
        Thread.sleep(Duration.ofSeconds(PERIOD)); // all have started, and have had their second turn
        double cpuBefore = server.look().cpuSeconds();
        int seconds = 3 * PERIOD;
        Thread.sleep(Duration.ofSeconds(seconds));
        FleetServer.Look look = server.look();
        Samples perSecond = new Samples();
        look.requests().subList(PERIOD, PERIOD + seconds).forEach(perSecond::add);
        Samples first = new Samples();
        first.add(Collections.max(look.requests().subList(0, PERIOD)));
        Samples cpu = new Samples();
        cpu.add((look.cpuSeconds() - cpuBefore) / seconds * 100);
        report.add("requests in the busiest second, " + NODES + " nodes start at once", "", "", "", first);
        report.add("requests a second, the minute after that, " + NODES + " nodes, period " + PERIOD + " s", "",
                String.valueOf(NODES / PERIOD), "", perSecond);
        report.add("CPU of the server", "% of a core", "", "", cpu);
    }

    @Override
    public void close() throws InterruptedException {
        nodes.forEach(Thread::interrupt);
        for (Thread node : nodes) {
            node.join();
        }
        server.close();
    }

    private void watch(ManifestSource source) {
        try {
            source.watch(_ -> readings.increment());
        } catch (IOException e) {
            throw new AssertionError("the server does not fail", e);
        } catch (InterruptedException _) {
            // the end
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** As Declarative Services makes it. */
    private static ManifestSource source(Map<String, Object> properties) {
        try {
            Constructor<?> activate = HttpSource.class.getConstructors()[0];
            Class<?> config = activate.getParameterTypes()[0];
            return (ManifestSource) activate.newInstance(Proxy.newProxyInstance(config.getClassLoader(),
                    new Class<?>[] {config}, (_, key, _) -> key.getName().equals("url")
                            ? new String[] {String.valueOf(properties.get("url"))}
                            : properties.getOrDefault(key.getName(), key.getDefaultValue())),
                    new HashMap<>(properties));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("HttpSource has changed", e);
        }
    }
}

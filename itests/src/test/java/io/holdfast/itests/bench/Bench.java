package io.holdfast.itests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.holdfast.itests.Agent;
import io.holdfast.itests.Engine;
import io.holdfast.itests.Engine.Container;
import io.holdfast.itests.ManifestServer;
import io.holdfast.itests.Pods;

/** Measures the agent against the engine's own calls, alternately, in one run. */
public final class Bench {

    static final String IDLE = "trap 'exit 0' TERM; while :; do sleep 3600 & wait; done";
    private static final int MANY = 110;

    private final int runs;
    private final Path work;
    private final Engine engine;
    private final Floor floor;
    private final Stamps stamps;
    private final Report report = new Report();
    private Agent agent;
    private int serial;

    private Bench(Path directory, int runs) throws IOException {
        this.runs = runs;
        work = directory.resolve("bench");
        engine = Engine.open();
        floor = engine.runtime().equals("cri") ? new CriFloor(engine.socket(), work.resolve("floor-logs"))
                : new DockerFloor(engine.socket());
        stamps = new Stamps(work.resolve("stamps"));
        agent = new Agent(Agent.PRODUCT, work.resolve("home"), engine);
    }

    /** @param args the engine's directory, how many runs of each figure, where to write the JSON */
    public static void main(String[] args) throws Exception {
        Bench bench = new Bench(Path.of(args[0]), Integer.parseInt(args[1]));
        try {
            bench.all();
        } finally {
            bench.agent.close();
            bench.stamps.close();
            bench.floor.close();
            bench.engine.close();
        }
        bench.report.print();
        bench.report.write(Path.of(args[2]));
        System.exit(0);
    }

    private void all() throws IOException, InterruptedException {
        agentStart();
        agent.start();
        settle(Duration.ofSeconds(5));
        startWithoutVolume(2, false); // warm-up
        startWithoutVolume(runs, true);
        startWithVolumeAndRemove();
        startOverHttp();
        edit();
        crash();
        idle("0");
        many();
    }

    private void startWithoutVolume(int n, boolean counts) throws IOException, InterruptedException {
        Samples ours = new Samples();
        Samples base = new Samples();
        for (int i = 0; i < n; i++) {
            String name = next("plain");
            Path staged = agent.stage(name + ".yaml", Pods.shell(name, IDLE));
            Instant begin = Instant.now();
            agent.place(staged, name + ".yaml");
            ours.addNanosAsMillis(Duration.between(begin, startedAt(name + "-" + Agent.NODE)).toNanos());
            remove(name);
            Instant rawBegin = Instant.now();
            Floor.Raw raw = floor.start(next("rawplain"), null);
            base.addNanosAsMillis(Duration.between(rawBegin, floor.startedAt(raw.container())).toNanos());
            floor.remove(raw);
        }
        if (counts) {
            report.add("floor: sandbox + create + start, no volume", "ms", "", "", base);
            report.add("manifest renamed into place → process runs, no volume", "ms", text(base), "floor + 15 ms", ours);
        }
    }

    private void startWithVolumeAndRemove() throws IOException, InterruptedException {
        Samples ours = new Samples();
        Samples base = new Samples();
        Samples term = new Samples();
        for (int i = 0; i < runs; i++) {
            String name = next("volume");
            Path staged = agent.stage(name + ".yaml", stamping(name));
            long begin = System.nanoTime();
            agent.place(staged, name + ".yaml");
            ours.addNanosAsMillis(stamps.await(name) - begin);
            awaitRunning(name);
            long removed = System.nanoTime();
            agent.remove(name + ".yaml");
            term.addNanosAsMillis(stamps.await(name + ".term") - removed);
            awaitGone(name);
            String rawName = next("rawvolume");
            long rawBegin = System.nanoTime();
            Floor.Raw raw = floor.start(rawName, stamps.directory());
            base.addNanosAsMillis(stamps.await(rawName) - rawBegin);
            floor.remove(raw);
        }
        report.add("floor: sandbox + create + start, volume", "ms", "", "", base);
        report.add("manifest renamed into place → process runs, volume", "ms", text(base), "floor + 15 ms", ours);
        report.add("manifest removed → SIGTERM", "ms", "", "5 ms (10 at most)", term);
    }

    /** From the server's last byte; it holds its answer back until there is one, so that no period is in the figure. */
    private void startOverHttp() throws IOException, InterruptedException {
        Samples ours = new Samples();
        Samples base = new Samples();
        String nothing = "kind: List\napiVersion: v1\nitems: []\n";
        try (ManifestServer server = new ManifestServer(nothing)) {
            agent.config("io.holdfast.source.http~bench", "url=" + server.url(), "long.poll=60");
            settle(Duration.ofSeconds(2));
            for (int i = 0; i < runs; i++) {
                String name = next("http");
                long begin = server.send(stamping(name));
                ours.addNanosAsMillis(stamps.await(name) - begin);
                awaitRunning(name);
                server.send(nothing);
                awaitGone(name);
                String rawName = next("rawhttp");
                long rawBegin = System.nanoTime();
                Floor.Raw raw = floor.start(rawName, stamps.directory());
                base.addNanosAsMillis(stamps.await(rawName) - rawBegin);
                floor.remove(raw);
            }
            agent.removeConfig("io.holdfast.source.http~bench");
        }
        report.add("HTTP answer sent → process runs, volume", "ms", text(base), "floor + 40 ms", ours);
    }

    private void edit() throws IOException, InterruptedException {
        Samples ours = new Samples();
        Samples base = new Samples();
        for (int i = 0; i < runs; i++) {
            String name = next("edit");
            agent.manifest(name + ".yaml", stamping(name));
            stamps.await(name);
            awaitRunning(name);
            String edited = name + "e";
            Path staged = agent.stage(name + ".yaml", stamping(name).replace("/data/" + name, "/data/" + edited));
            long begin = System.nanoTime();
            agent.place(staged, name + ".yaml");
            ours.addNanosAsMillis(stamps.await(edited) - begin);
            awaitRunning(name);
            remove(name);
            String rawName = next("rawedit");
            Floor.Raw raw = floor.start(rawName, stamps.directory());
            stamps.await(rawName);
            long rawBegin = System.nanoTime();
            floor.stop(raw);
            Floor.Raw second = floor.start(rawName + "e", stamps.directory());
            base.addNanosAsMillis(stamps.await(rawName + "e") - rawBegin);
            floor.remove(raw);
            floor.remove(second);
        }
        report.add("floor: stop container and sandbox, sandbox + create + start", "ms", "", "", base);
        report.add("manifest edited → new process runs", "ms", text(base), "floor + 25 ms", ours);
    }

    private void crash() throws IOException, InterruptedException {
        Samples ours = new Samples();
        Samples base = new Samples();
        for (int i = 0; i < runs; i++) {
            String name = next("crash");
            agent.manifest(name + ".yaml", stamping(name));
            stamps.await(name);
            awaitRunning(name);
            ProcessHandle main = Pods.process(name);
            stamps.forget(name);
            long begin = System.nanoTime();
            main.destroyForcibly();
            ours.addNanosAsMillis(stamps.await(name) - begin);
            remove(name);
            String rawName = next("rawcrash");
            Floor.Raw raw = floor.start(rawName, stamps.directory());
            stamps.await(rawName);
            Pods.process(rawName).destroyForcibly();
            stamps.forget(rawName);
            settle(Duration.ofMillis(200));
            long rawBegin = System.nanoTime();
            floor.container(rawName, raw.sandbox(), 1, stamps.directory());
            base.addNanosAsMillis(stamps.await(rawName) - rawBegin);
            floor.remove(raw);
        }
        report.add("floor: create + start", "ms", "", "", base);
        report.add("main process killed → new process runs", "ms", text(base), "floor + 25 ms", ours);
    }

    /** Of a home that has been used before; the pod is not there, its manifest is. Then of one whose pod runs. */
    private void agentStart() throws IOException, InterruptedException {
        Samples fresh = new Samples();
        Samples first = new Samples();
        Samples adopted = new Samples();
        Samples stop = new Samples();
        for (int i = 0; i <= runs / 2; i++) {
            String name = next("boot");
            agent.manifest(name + ".yaml", stamping(name));
            long begin = System.nanoTime();
            agent.start();
            (i == 0 ? fresh : first).addNanosAsMillis(stamps.await(name) - begin);
            awaitRunning(name);
            settle(Duration.ofSeconds(1));
            stop.addNanosAsMillis(agent.stop().toNanos());
            String container = running(name).getFirst().id();
            long again = System.nanoTime();
            agent.start();
            awaitReported(name, again, adopted);
            if (!running(name).getFirst().id().equals(container)) {
                throw new IllegalStateException("the container of " + name + " was restarted");
            }
            remove(name);
            agent.stop();
        }
        report.add("agent started in an empty home → first process runs", "ms", "", "", fresh);
        report.add("agent started → first process runs, pod not yet there", "ms", "", "800 ms", first);
        report.add("agent restarted → running pod adopted and reported as running", "ms", "", "600 ms", adopted);
        report.add("SIGTERM → agent has ended, pods run on", "ms", "", "1000 ms", stop);
    }

    private void many() throws IOException, InterruptedException {
        Samples base = new Samples();
        List<String> rawNames = IntStream.range(0, MANY).mapToObj(i -> next("rawmany")).toList();
        long rawBegin = System.nanoTime();
        List<Floor.Raw> raws = floor.startAll(rawNames, stamps.directory(), 4);
        long last = rawBegin;
        for (String name : rawNames) {
            last = Math.max(last, stamps.await(name));
        }
        base.add((last - rawBegin) / 1e9);
        raws.forEach(floor::remove);

        List<String> names = IntStream.range(0, MANY).mapToObj(i -> next("many")).toList();
        for (String name : names) {
            agent.stage(name + ".yaml", stamping(name));
        }
        long begin = System.nanoTime();
        for (String name : names) {
            agent.place(agent.staged(name + ".yaml"), name + ".yaml");
        }
        last = begin;
        for (String name : names) {
            last = Math.max(last, stamps.await(name));
        }
        Samples ours = new Samples();
        ours.add((last - begin) / 1e9);
        report.add("floor: 110 pods, 4 at a time", "s", "", "", base);
        report.add("110 manifests at once → all run", "s", text(base), "5.2 s, or floor + 0.7 s", ours);
        settle(Duration.ofSeconds(20));
        idle("110");
        begin = System.nanoTime();
        for (String name : names) {
            agent.remove(name + ".yaml");
        }
        last = begin;
        for (String name : names) {
            last = Math.max(last, stamps.await(name + ".term"));
        }
        Samples term = new Samples();
        term.add((last - begin) / 1e9);
        report.add("110 manifests removed at once → last SIGTERM", "s", "", "0.5 s", term);
        names.forEach(this::awaitGone);
    }

    private void idle(String pods) throws IOException, InterruptedException {
        settle(Duration.ofSeconds(5));
        Duration span = Duration.ofSeconds(45);
        long before = cpuTicks();
        settle(span);
        Samples cpu = new Samples();
        cpu.add((cpuTicks() - before) * 100.0 / 100 / span.toSeconds()); // 100 ticks a second
        boolean many = !pods.equals("0");
        report.add("CPU idle, " + pods + " pods", "% of a core", "", many ? "1.0 %" : "0.3 %", cpu);
        for (String kind : List.of("VmRSS", "RssAnon", "RssFile")) {
            Samples memory = new Samples();
            memory.add(memoryKib(kind) / 1024.0);
            report.add("resident memory idle, " + pods + " pods: " + kind, "MiB", "",
                    kind.equals("VmRSS") ? many ? "120 MB" : "100 MB" : "", memory);
        }
    }

    private long cpuTicks() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + agent.pid() + "/stat"));
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12)); // utime, stime; see proc(5)
    }

    private long memoryKib(String kind) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + agent.pid() + "/status")).stream()
                .filter(l -> l.startsWith(kind + ":")).mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                .findFirst().orElseThrow();
    }

    private String stamping(String name) {
        return Pods.withVolume(name, Stamps.script(name), stamps.directory());
    }

    /** By the engine's own clock; asked after the fact, so that asking disturbs nothing. */
    private Instant startedAt(String pod) throws InterruptedException {
        settle(Duration.ofMillis(500));
        return floor.startedAt(awaitRunningPod(pod).id());
    }

    private List<Container> running(String name) {
        return engine.running(name + "-" + Agent.NODE);
    }

    private Container awaitRunning(String name) throws InterruptedException {
        return awaitRunningPod(name + "-" + Agent.NODE);
    }

    private Container awaitRunningPod(String pod) throws InterruptedException {
        for (int i = 0; i < 3000; i++) {
            List<Container> running = engine.running(pod);
            if (!running.isEmpty()) {
                settle(Duration.ofMillis(100)); // the agent has looked again too, and is idle
                return running.getFirst();
            }
            settle(Duration.ofMillis(20));
        }
        throw new IllegalStateException(pod + " does not run");
    }

    private void awaitReported(String name, long begin, Samples samples) throws IOException, InterruptedException {
        Reported reported = new Reported(agent.home().resolve("run/shell.sock"));
        samples.addNanosAsMillis(reported.await(name + "-" + Agent.NODE) - begin);
    }

    private void remove(String name) throws IOException, InterruptedException {
        agent.remove(name + ".yaml");
        awaitGone(name);
    }

    private void awaitGone(String name) {
        for (int i = 0; i < 3000 && !engine.sandboxes(name + "-" + Agent.NODE).isEmpty(); i++) {
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    private static void settle(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    private String next(String prefix) {
        return prefix + serial++;
    }

    private static String text(Samples base) {
        return new ArrayList<>(List.of(base.median())).stream().map("%.4g"::formatted).findFirst().orElse("");
    }
}

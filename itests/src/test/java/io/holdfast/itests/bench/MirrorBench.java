package io.holdfast.itests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.itests.Agent;
import io.holdfast.itests.ApiServer;
import io.holdfast.itests.Engine;
import io.holdfast.itests.Pods;

/** Measures how soon a real API server shows what happens on the node. */
public final class MirrorBench {

    private static final Duration REST = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final int runs;
    private final ApiServer server;
    private final Agent agent;
    private final Stamps stamps;
    private final Told told;
    private final Report report = new Report();

    private MirrorBench(int runs, ApiServer server, Agent agent, Stamps stamps, Told told) {
        this.runs = runs;
        this.server = server;
        this.agent = agent;
        this.stamps = stamps;
        this.told = told;
    }

    /** @param args the engine's directory, how many runs of each figure, where to write the JSON */
    public static void main(String[] args) throws Exception {
        Path work = Path.of(args[0]).resolve("bench-mirror");
        ApiServer server = new ApiServer();
        server.open();
        try (Engine engine = Engine.open(); Stamps stamps = new Stamps(work.resolve("stamps"));
                Told told = new Told(server); Agent agent = new Agent(Agent.PRODUCT, work.resolve("home"), engine)) {
            agent.config("io.holdfast.mirror", "kubeconfig=" + server.file("node.kubeconfig"));
            agent.start();
            Thread.sleep(REST.multipliedBy(3));
            MirrorBench bench = new MirrorBench(Integer.parseInt(args[1]), server, agent, stamps, told);
            bench.all();
            bench.report.print();
            bench.report.write(Path.of(args[2]));
        } finally {
            server.close();
        }
        System.exit(0);
    }

    private void all() throws IOException, InterruptedException {
        Samples made = new Samples();
        Samples ready = new Samples();
        Samples back = new Samples();
        Samples gone = new Samples();
        for (int i = -1; i < runs; i++) { // one to warm up
            boolean counts = i >= 0;
            one("mirror" + (i + 1), counts ? made : new Samples(), counts ? ready : new Samples(),
                    counts ? back : new Samples(), counts ? gone : new Samples());
        }
        report.add("manifest renamed into place → mirror pod is there", "ms", "", "30 ms", made);
        report.add("process runs → mirror pod is Running and Ready", "ms", "", "150 ms", ready);
        report.add("mirror pod deleted with kubectl → back", "ms", "", "100 ms, always", back);
        report.add("manifest removed, process ended → mirror pod is gone", "ms", "", "teardown + 50 ms", gone);
        idle();
    }

    private void one(String name, Samples made, Samples ready, Samples back, Samples gone)
            throws IOException, InterruptedException {
        String pod = name + "-" + Agent.NODE;
        Path staged = agent.stage(name + ".yaml", Pods.withVolume(name, Stamps.script(name), stamps.directory()));
        long begin = System.nanoTime();
        agent.place(staged, name + ".yaml");
        made.addNanosAsMillis(told.await("ADDED", pod, _ -> true) - begin);
        long runs = stamps.await(name);
        ready.addNanosAsMillis(told.await("MODIFIED", pod, MirrorBench::isReady) - runs);
        Thread.sleep(REST);
        server.kubectl("delete", "pod", pod, "--wait=false");
        long deleted = told.await("DELETED", pod, _ -> true);
        back.addNanosAsMillis(told.await("ADDED", pod, _ -> true) - deleted);
        told.await("MODIFIED", pod, MirrorBench::isReady);
        Thread.sleep(REST);
        agent.remove(name + ".yaml");
        long ended = stamps.await(name + ".term");
        gone.addNanosAsMillis(told.await("DELETED", pod, _ -> true) - ended);
    }

    private static boolean isReady(JsonNode pod) {
        return pod.at("/status/phase").asText().equals("Running")
                && pod.at("/status/containerStatuses/0/ready").asBoolean();
    }

    private void idle() throws IOException, InterruptedException {
        Thread.sleep(IDLE);
        for (String kind : new String[] { "VmRSS", "RssAnon" }) {
            Samples memory = new Samples();
            memory.add(Files.readAllLines(Path.of("/proc/" + agent.pid() + "/status")).stream()
                    .filter(l -> l.startsWith(kind + ":")).mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                    .findFirst().orElseThrow() / 1024.0);
            report.add("resident memory with a mirror, idle: " + kind, "MiB", "", "", memory);
        }
    }
}

package io.holdfast.itests.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import com.sun.net.httpserver.HttpServer;

import io.holdfast.itests.Agent;
import io.holdfast.itests.Engine;

/** What 500 probes a second cost the agent, by kind; they ask a server of this process, as containers that do nothing can't. */
public final class ProbeBench {

    private static final int PODS = 5;
    private static final int CONTAINERS = 50;
    private static final Duration SPAN = Duration.ofSeconds(30);

    private ProbeBench() {
    }

    /** @param args the engine's directory, unused, where to write the JSON */
    public static void main(String[] args) throws Exception {
        Report report = new Report();
        Engine engine = Engine.open();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        Agent agent = new Agent(Agent.PRODUCT, Path.of(args[0]).resolve("bench/home"), engine).start();
        try {
            measure("no probe, 250 containers", "", agent, engine, report);
            measure("500 probes a second, tcpSocket", "tcpSocket: {host: 127.0.0.1, port: " + port + "}", agent, engine, report);
            measure("500 probes a second, httpGet", "httpGet: {host: 127.0.0.1, port: " + port + "}", agent, engine, report);
        } finally {
            agent.close();
            engine.sweep();
            engine.close();
            server.stop(0);
        }
        report.print();
        report.write(Path.of(args[2]));
        System.exit(0);
    }

    private static void measure(String figure, String handler, Agent agent, Engine engine, Report report)
            throws IOException, InterruptedException {
        for (int i = 0; i < PODS; i++) {
            agent.manifest("pod" + i + ".yaml", pod("pod" + i, handler));
        }
        awaitRunning(engine, PODS * CONTAINERS);
        Thread.sleep(Duration.ofSeconds(20)); // the compiler has seen them, too
        Samples cpu = new Samples();
        for (int i = 0; i < 3; i++) {
            Duration before = cpu(agent);
            Thread.sleep(SPAN);
            cpu.add(100.0 * cpu(agent).minus(before).toMillis() / SPAN.toMillis());
        }
        report.add(figure, "% of a core", "", handler.isEmpty() ? "" : "5 %", cpu);
        for (int i = 0; i < PODS; i++) {
            agent.remove("pod" + i + ".yaml");
        }
        while (!engine.sandboxes().isEmpty()) {
            Thread.sleep(500);
        }
    }

    private static Duration cpu(Agent agent) {
        return agent.process().info().totalCpuDuration().orElseThrow();
    }

    private static void awaitRunning(Engine engine, int containers) throws InterruptedException {
        while (engine.running().size() != containers) {
            Thread.sleep(500);
        }
    }

    private static String pod(String name, String handler) {
        StringBuilder pod = new StringBuilder("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  hostNetwork: true
                  terminationGracePeriodSeconds: 1
                  containers:
                """.formatted(name));
        for (int i = 0; i < CONTAINERS; i++) {
            pod.append("  - {name: c%d, image: %s, command: [sh, -c, \"%s\"]".formatted(i, Agent.IMAGE, Bench.IDLE));
            for (String probe : handler.isEmpty() ? List.<String>of() : List.of("livenessProbe", "readinessProbe")) {
                pod.append(", %s: {periodSeconds: 1, %s}".formatted(probe, handler));
            }
            pod.append("}\n");
        }
        return pod.toString();
    }
}

package io.holdfast.itests.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

import com.sun.management.OperatingSystemMXBean;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A server with one page that never changes, in a process of its own, that counts its requests by the second. */
final class FleetServer {

    private static final String PAGE = "kind: List\nitems: []\n";
    private static final String TAG = "\"1\"";
    private static final int SECONDS = 600;

    private final AtomicIntegerArray requests = new AtomicIntegerArray(SECONDS);
    private final long begin = System.nanoTime();

    /** @param requests in each second since the server began */
    record Look(double cpuSeconds, List<Integer> requests) {
    }

    /** The other end. */
    record Handle(Process process, BufferedReader out, String url) implements AutoCloseable {

        Look look() throws IOException {
            process.outputWriter().write("\n");
            process.outputWriter().flush();
            String[] said = out.readLine().split(" ");
            return new Look(Double.parseDouble(said[0]),
                    Arrays.stream(said).skip(1).map(Integer::valueOf).toList());
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    static Handle start() {
        try {
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dsun.net.httpserver.maxIdleConnections=10000", "-Dsun.net.httpserver.idleInterval=120",
                    "-classpath", System.getProperty("java.class.path"), FleetServer.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            return new Handle(process, process.inputReader(), process.inputReader().readLine());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public static void main(String[] args) throws IOException {
        FleetServer server = new FleetServer();
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        http.createContext("/", server::handle);
        http.setExecutor(task -> Thread.ofVirtual().start(task));
        http.start();
        System.out.println("http://127.0.0.1:" + http.getAddress().getPort() + "/fleet.yaml");
        while (System.in.read() >= 0) {
            System.out.println(server.look());
        }
        System.exit(0);
    }

    private String look() {
        long cpu = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
        return cpu / 1e9 + " " + requests.toString().replaceAll("[\\[\\],]", "");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.incrementAndGet((int) ((System.nanoTime() - begin) / 1_000_000_000L));
            exchange.getResponseHeaders().set("ETag", TAG);
            if (TAG.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
            } else {
                exchange.sendResponseHeaders(200, PAGE.length());
                exchange.getResponseBody().write(PAGE.getBytes(UTF_8));
            }
        }
    }
}

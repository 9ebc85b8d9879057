package io.holdfast.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import io.holdfast.cell.Cell;
import io.holdfast.kit.testing.Certificates;
import io.holdfast.kit.testing.Certificates.Pair;
import io.holdfast.kit.tls.TlsMaterial;
import io.holdfast.kit.tls.TlsMaterial.Part;
import io.holdfast.pod.PodName;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodStatus.State;
import io.holdfast.status.PodStatuses;
import io.holdfast.status.PodView;

/** A node with a port that listens, its pods and their logs, and who may ask it. */
final class Node implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(10);
    static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    static final PodName WEB = new PodName("default", "web-node1");

    final Path directory;
    final Path logs;
    final Services services = new Services();
    final Cell<List<PodView>> pods = new Cell<>(List.of());
    /** Who has asked for the statuses: the threads that answer requests. */
    final Cell<Set<Thread>> asked = new Cell<>(Set.of());
    final Certificates certificates;
    final Pair authority;
    final int number;
    private @Nullable Port port;

    Node(Path directory) throws Exception {
        this.directory = directory;
        this.logs = directory.resolve("web");
        this.certificates = new Certificates(directory);
        this.authority = certificates.authority("ca");
        certificates.signed("server", authority, "IP:127.0.0.1");
        services.statuses = statuses();
        try (ServerSocket free = new ServerSocket(0)) {
            number = free.getLocalPort();
        }
    }

    Settings settings(int maxConnections) {
        return new Settings("127.0.0.1", number, maxConnections,
                new TlsFiles(directory.resolve("ca.crt"), directory.resolve("server.crt"), directory.resolve("server.key")),
                Set.of("alice"), Set.of("system:masters"));
    }

    void listen(int maxConnections) throws Exception {
        Settings settings = settings(maxConnections);
        port = new Port(settings, new TlsFiles.Current(settings.tls()), new Requests(new Access(settings.users(), settings.groups(), services),
                new Logs(services, InstantSource.fixed(NOW)), new Metrics(services, "1.2.3"), services));
    }

    @Override
    public void close() {
        if (port != null) {
            port.close();
        }
    }

    Pair client(String file, Pair signer, String subject, int days) throws Exception {
        Path key = directory.resolve(file + ".key");
        Path request = directory.resolve(file + ".csr");
        Path certificate = directory.resolve(file + ".crt");
        certificates.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", key.toString(), "-out", request.toString(),
                "-subj", subject);
        certificates.openssl("x509", "-req", "-in", request.toString(), "-CA", signer.certificate().toString(), "-CAkey",
                signer.key().toString(), "-CAcreateserial", "-out", certificate.toString(), "-days", String.valueOf(days));
        return new Pair(certificate, key);
    }

    SSLContext tls(@Nullable Pair client) throws Exception {
        Optional<Part> ca = Optional.of(Part.read("ca", directory.resolve("ca.crt")));
        return (client == null ? new TlsMaterial(ca, Optional.empty(), Optional.empty())
                : new TlsMaterial(ca, Optional.of(Part.read("cert", client.certificate())),
                        Optional.of(Part.read("key", client.key())))).context().orElseThrow();
    }

    HttpClient http(@Nullable Pair client) throws Exception {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls(client)).build();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + number + path)).timeout(DEADLINE);
    }

    HttpResponse<String> get(HttpClient client, String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    InputStream follow(HttpClient client, String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofInputStream()).body();
    }

    static String read(InputStream in, int length) throws IOException {
        return new String(in.readNBytes(length), UTF_8);
    }

    Path log(String name, String... lines) throws IOException {
        Path file = Files.createDirectories(logs).resolve(name);
        for (String line : lines) {
            Files.writeString(file, "2026-05-01T11:59:00.5Z stdout F " + line + "\n", StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        return file;
    }

    void runs(Path log) {
        pods.set(List.of(pod(WEB, Phase.Running, status(new State.Running(NOW), null, 0, log.toString()))));
    }

    static ContainerStatus status(State state, State.@Nullable Terminated last, int restarts, @Nullable String log) {
        return new ContainerStatus("web", state, last, true, true, restarts, "busybox:1", "", "containerd://" + restarts,
                log);
    }

    static State.Terminated ended(int attempt) {
        return new State.Terminated(1, "Error", "", NOW, NOW, "containerd://" + attempt);
    }

    static PodView pod(PodName name, Phase phase, ContainerStatus... containers) {
        return new PodView(name, "uid-1", null, "file~main", "cri", false, new PodStatus(phase, null, null, List.of(),
                "192.0.2.7", List.of("10.88.0.5"), NOW, PodStatus.QosClass.BestEffort, List.of(), List.of(containers)),
                List.of());
    }

    private PodStatuses statuses() {
        return new PodStatuses() {
            @Override
            public Snapshot current() {
                asked.update(all -> {
                    if (all.contains(Thread.currentThread())) {
                        return all;
                    }
                    List<Thread> more = new ArrayList<>(all);
                    more.add(Thread.currentThread());
                    return Set.copyOf(more);
                });
                return new Snapshot(1, pods.value());
            }

            @Override
            public Snapshot after(long version) {
                return current();
            }
        };
    }
}

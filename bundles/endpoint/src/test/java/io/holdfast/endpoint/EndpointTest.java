package io.holdfast.endpoint;

import static io.holdfast.endpoint.Node.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;

import io.holdfast.cell.Cell;
import io.holdfast.status.NodeEndpoint;

final class EndpointTest {

    @TempDir
    Path directory;

    private final Cell<Optional<NodeEndpoint>> registered = new Cell<>(Optional.empty());
    private Node node;

    @SuppressWarnings("NullAway.Init")
    EndpointTest() {
    }

    @BeforeEach
    void has_a_node() throws Exception {
        node = new Node(directory);
    }

    @Test // M7
    void it_is_a_service_while_it_listens() throws Exception {
        Endpoint endpoint = endpoint(config("127.0.0.1"));
        assertThat(await(true).orElseThrow().port()).isEqualTo(node.number);
        try (HttpClient http = node.http(node.client("alice", node.authority, "/CN=alice", 2))) {
            assertThat(node.get(http, "/healthz").body()).isEqualTo("ok");
        }
        endpoint.close();
        assertThat(registered.value()).isEmpty();
        new ServerSocket(node.number, 1, InetAddress.getLoopbackAddress()).close(); // free again
    }

    @Test
    void it_listens_once_the_port_is_free_and_the_files_are_there() throws Exception {
        Path key = directory.resolve("server.key");
        Path away = Files.move(key, directory.resolve("away.key"));
        ServerSocket occupied = new ServerSocket(node.number, 1, InetAddress.getLoopbackAddress());
        Endpoint endpoint = endpoint(config("127.0.0.1"));
        try (occupied) {
            Files.move(away, key);
        }
        assertThat(await(true)).isPresent();
        endpoint.close();
    }

    @Test
    void no_thread_is_left_of_200_updates() throws Exception {
        for (int i = 0; i < 200; i++) {
            Endpoint endpoint = endpoint(config("127.0.0.1"));
            await(true);
            endpoint.close();
            assertThat(registered.value()).isEmpty();
        }
        List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("endpoint")).toList();
        for (Thread thread : threads) { // the last has done its work, and may be about to end
            assertThat(thread.join(Duration.ofSeconds(5))).as("%s has ended", thread).isTrue();
        }
    }

    @Test
    void configuration_that_cannot_be_used_is_named() {
        assertThatThrownBy(() -> endpoint(config(""))).hasMessage(
                "io.holdfast.endpoint: 'address' must be an address of this node, or 0.0.0.0");
        assertThatThrownBy(() -> Settings.read(config("127.0.0.1"), Map.of("service.pid", Endpoint.PID, "client.cas", "x")))
                .hasMessage("io.holdfast.endpoint: cannot read 'client.cas'; did you mean 'client.ca'?");
    }

    @Test
    void users_and_groups_may_be_one_line() {
        Settings settings = Settings.read(config("0.0.0.0"), Map.of());
        assertThat(settings.users()).containsExactlyInAnyOrder("alice", "kube-apiserver");
        assertThat(settings.groups()).containsExactly("system:masters");
    }

    private Endpoint endpoint(EndpointConfig config) {
        return new Endpoint(config, Map.of("service.pid", Endpoint.PID), node.services, bundle());
    }

    private Optional<NodeEndpoint> await(boolean present) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        Cell.Versioned<Optional<NodeEndpoint>> now = registered.current();
        while (now.value().isPresent() != present && System.nanoTime() < deadline) {
            now = registered.after(now.version(), DEADLINE);
        }
        return now.value();
    }

    private EndpointConfig config(String address) {
        Map<String, Object> values = Map.of("address", address, "port", node.number, "cert",
                directory.resolve("server.crt").toString(), "key", directory.resolve("server.key").toString(), "client_ca",
                directory.resolve("ca.crt").toString(), "allow_users", new String[]{"alice, kube-apiserver"},
                "allow_groups", new String[]{"system:masters"}, "max_connections", 10);
        return stub(EndpointConfig.class, (name, _) -> values.get(name));
    }

    /** As much of a framework as is needed. */
    private BundleContext bundle() {
        Bundle self = stub(Bundle.class, (_, _) -> Version.parseVersion("1.2.3"));
        ServiceRegistration<?> registration = stub(ServiceRegistration.class, (_, _) -> {
            registered.set(Optional.empty());
            return self;
        });
        return stub(BundleContext.class, (name, arguments) -> {
            if (name.equals("getBundle")) {
                return self;
            }
            registered.set(Optional.of((NodeEndpoint) arguments.get(1)));
            return registration;
        });
    }

    private interface Method {
        @Nullable
        Object call(String name, List<Object> arguments);
    }

    private static <T> T stub(Class<T> type, Method method) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (_, called, arguments) -> method
                .call(called.getName(), arguments == null ? List.of() : Arrays.asList(arguments))));
    }
}

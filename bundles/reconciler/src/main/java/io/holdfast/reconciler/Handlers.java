package io.holdfast.reconciler;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Handler;
import io.holdfast.pod.IntOrString;
import io.holdfast.pod.Lifecycle;
import io.holdfast.pod.Probe;
import io.holdfast.runtime.ContainerExec;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.ContainerRuntime.ContainerId;

/**
 * Carries out what probes and hooks ask of a container that runs (behaviours P1, T1). For any thread.
 *
 * @param ip where the pod is reached
 */
record Handlers(ContainerRuntime runtime, ContainerId container, String ip) {

    static final String PROBE_AGENT = "kube-probe/1.36"; // what servers know the kubelet by
    private static final String HOOK_AGENT = "kube-lifecycle/1.36";

    sealed interface Outcome {

        record Success() implements Outcome {
        }

        record Failure(String message) implements Outcome {
        }

        /** It could not be carried out, which says nothing about the container (behaviour P3). */
        record Fault(String message) implements Outcome {
        }
    }

    Outcome probe(Handler handler, Duration timeout) throws InterruptedException {
        return carryOut(() -> switch (handler) {
            case Handler.Exec(List<String> command) -> exec(command, timeout);
            case Handler.HttpGet get -> http(get, PROBE_AGENT, timeout, true);
            case Handler.TcpSocket tcp -> tcp(tcp, timeout);
            case Handler.Grpc(int port, String service) -> grpc(new GrpcCheck(ip, port, service == null ? "" : service), timeout);
            case Handler.Sleep _ -> new Outcome.Fault("no probe sleeps");
        });
    }

    Outcome hook(Handler handler, Duration timeout) throws InterruptedException {
        return carryOut(() -> switch (handler) {
            case Handler.Exec(List<String> command) -> exec(command, timeout);
            case Handler.HttpGet get -> http(get, HOOK_AGENT, timeout, false); // any answer will do, as for the kubelet
            case Handler.Sleep(long seconds) -> {
                Duration wanted = Duration.ofSeconds(seconds);
                Thread.sleep(wanted.compareTo(timeout) < 0 ? wanted : timeout);
                yield new Outcome.Success();
            }
            case Handler.TcpSocket _ -> new Outcome.Failure("Kubernetes accepts tcpSocket as a hook, and never carries it out");
            case Handler.Grpc _ -> new Outcome.Failure("no hook does grpc");
        });
    }

    private interface Work {
        Outcome done() throws InterruptedException;
    }

    private static Outcome carryOut(Work work) throws InterruptedException {
        try {
            return work.done();
        } catch (RuntimeException e) { // refused, unreachable, or a fault: others write runtimes, too
            return new Outcome.Fault(String.valueOf(e.getMessage()));
        }
    }

    private Outcome exec(List<String> command, Duration timeout) throws InterruptedException {
        if (!(runtime instanceof ContainerExec exec)) {
            return new Outcome.Fault("this runtime cannot run commands in containers");
        }
        return switch (exec.exec(container, command, timeout)) {
            case ContainerExec.Result.Exited(int code, _) when code == 0 -> new Outcome.Success();
            case ContainerExec.Result.Exited(int code, String output) ->
                new Outcome.Failure(output.isBlank() ? "command ended with exit code " + code : output);
            case ContainerExec.Result.TimedOut _ -> new Outcome.Failure(
                    "command timed out: \"" + String.join(" ", command) + "\" timed out after " + timeout.toSeconds() + "s");
        };
    }

    private Outcome http(Handler.HttpGet get, String agent, Duration timeout, boolean judged) throws InterruptedException {
        HttpCheck check = HttpCheck.of(get, ip, agent);
        try {
            int status = check.status(timeout);
            return judged && (status < 200 || status >= 400)
                    ? new Outcome.Failure("HTTP probe failed with statuscode: " + status)
                    : new Outcome.Success();
        } catch (IOException e) {
            interrupted(e);
            return new Outcome.Failure("Get \"" + check.url() + "\": " + e.getMessage());
        }
    }

    private Outcome tcp(Handler.TcpSocket tcp, Duration timeout) throws InterruptedException {
        String host = tcp.host() == null || tcp.host().isEmpty() ? ip : tcp.host();
        int port = port(tcp.port());
        try (Socket socket = new Socket(Proxy.NO_PROXY)) {
            connect(socket, host, port, timeout);
            return new Outcome.Success();
        } catch (IOException e) {
            interrupted(e);
            return new Outcome.Failure(String.valueOf(e.getMessage()));
        }
    }

    private static Outcome grpc(GrpcCheck check, Duration timeout) throws InterruptedException {
        try {
            String trouble = check.trouble(timeout);
            return trouble.isEmpty() ? new Outcome.Success() : new Outcome.Failure(trouble);
        } catch (IOException e) {
            interrupted(e);
            return new Outcome.Failure(String.valueOf(e.getMessage()));
        }
    }

    /** @throws IOException that says where to, and why not */
    static void connect(Socket socket, String host, int port, Duration timeout) throws IOException {
        String where = "dial tcp " + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + ": ";
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException(where + "no such host");
        }
        try {
            socket.connect(address, (int) Math.max(1, timeout.toMillis()));
        } catch (java.net.SocketTimeoutException e) {
            throw new IOException(where + "i/o timeout", e);
        } catch (IOException e) {
            throw new IOException(where + "connect: " + String.valueOf(e.getMessage()).toLowerCase(java.util.Locale.ROOT), e);
        }
    }

    /** An interrupt closes the socket that a virtual thread waits for. */
    private static void interrupted(IOException e) throws InterruptedException {
        if (Thread.interrupted()) {
            InterruptedException interrupt = new InterruptedException(e.getMessage());
            interrupt.initCause(e);
            throw interrupt;
        }
    }

    // ------------------------------------------------------------------ from the manifest

    /** What a hook does, its port by number. */
    static Handler of(Lifecycle.Hook hook, Container container) {
        return one(container, hook.exec(), hook.httpGet(), hook.tcpSocket(), hook.sleep());
    }

    /** What a probe does, its port by number. */
    static Handler of(Probe probe, Container container) {
        return one(container, probe.exec(), probe.httpGet(), probe.tcpSocket(), probe.grpc());
    }

    private static Handler one(Container container, @Nullable Handler... handlers) {
        for (Handler handler : handlers) {
            if (handler != null) {
                return resolved(handler, container);
            }
        }
        throw new IllegalStateException("container " + container.name() + ": a probe or hook does nothing"); // the reader lets none through
    }

    private static Handler resolved(Handler handler, Container container) {
        return switch (handler) {
            case Handler.HttpGet g ->
                new Handler.HttpGet(g.path(), number(g.port(), container), g.host(), g.scheme(), g.httpHeaders());
            case Handler.TcpSocket t -> new Handler.TcpSocket(number(t.port(), container), t.host());
            case Handler.Exec _, Handler.Grpc _, Handler.Sleep _ -> handler;
        };
    }

    private static IntOrString number(IntOrString port, Container container) {
        return switch (port) {
            case IntOrString.Number number -> number;
            case IntOrString.Name(String name) -> container.ports().stream().filter(p -> name.equals(p.name())).findFirst()
                    .map(p -> (IntOrString) new IntOrString.Number(p.containerPort())).orElse(port);
        };
    }

    /** @throws IllegalArgumentException no port of the container has that name */
    static int port(IntOrString resolved) {
        return switch (resolved) {
            case IntOrString.Number(int number) -> number;
            case IntOrString.Name(String name) -> throw new IllegalArgumentException("no port of the container is named " + name);
        };
    }
}

package io.holdfast.manifest;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.holdfast.config.Nearest;
import io.holdfast.pod.Container;
import io.holdfast.pod.Handler;
import io.holdfast.pod.IntOrString;
import io.holdfast.pod.Lifecycle;
import io.holdfast.pod.Probe;

/** The API's validation (behaviour I3) of a container's probes and hooks. */
final class HandlerRules {

    private static final Pattern HEADER = Pattern.compile("[-A-Za-z0-9]+");
    private static final Set<String> SIGNALS = signals();

    private final Rules rules;
    private final String path;
    private final long grace;

    /** @param grace the pod's, in seconds */
    HandlerRules(Rules rules, String path, long grace) {
        this.rules = rules;
        this.path = path;
        this.grace = grace;
    }

    void check(Container container) {
        probe("livenessProbe", container.livenessProbe());
        probe("readinessProbe", container.readinessProbe());
        probe("startupProbe", container.startupProbe());
        Lifecycle lifecycle = container.lifecycle();
        if (lifecycle != null) {
            hook(path + ".lifecycle.postStart", lifecycle.postStart());
            hook(path + ".lifecycle.preStop", lifecycle.preStop());
            rules.optional(path + ".lifecycle.stopSignal", lifecycle.stopSignal(), signal -> SIGNALS.contains(signal)
                    ? null
                    : "expected a signal such as SIGTERM, found '" + Tree.brief(signal) + "'"
                            + Nearest.hint(signal, SIGNALS));
        }
    }

    private void probe(String name, @Nullable Probe probe) {
        if (probe == null) {
            return;
        }
        String at = path + "." + name;
        rules.one(at, "exec, httpGet, tcpSocket, grpc", probe.exec(), probe.httpGet(), probe.tcpSocket(), probe.grpc());
        handlers(at, probe.exec(), probe.httpGet(), probe.tcpSocket());
        if (probe.grpc() != null) {
            rules.check(at + ".grpc.port", Formats.port(probe.grpc().port()));
        }
        rules.notNegative(at + ".initialDelaySeconds", probe.initialDelaySeconds());
        rules.notNegative(at + ".timeoutSeconds", probe.timeoutSeconds());
        rules.notNegative(at + ".periodSeconds", probe.periodSeconds());
        rules.notNegative(at + ".failureThreshold", probe.failureThreshold());
        rules.notNegative(at + ".successThreshold", probe.successThreshold());
        boolean readiness = name.equals("readinessProbe");
        rules.must(readiness || probe.successThreshold() <= 1, at + ".successThreshold", "must be 1 in a " + name);
        Long seconds = probe.terminationGracePeriodSeconds();
        rules.must(seconds == null || !readiness, at + ".terminationGracePeriodSeconds",
                "must not be set in a readinessProbe, which ends nothing");
        rules.must(seconds == null || seconds > 0, at + ".terminationGracePeriodSeconds", "must be greater than 0");
    }

    private void hook(String at, Lifecycle.@Nullable Hook hook) {
        if (hook == null) {
            return;
        }
        rules.must(hook.tcpSocket() == null, at + ".tcpSocket", "a hook cannot do this; use exec, httpGet or sleep");
        rules.one(at, "exec, httpGet, sleep", hook.exec(), hook.httpGet(), hook.sleep(), hook.tcpSocket());
        handlers(at, hook.exec(), hook.httpGet(), null);
        if (hook.sleep() != null) {
            rules.must(hook.sleep().seconds() >= 0 && hook.sleep().seconds() <= grace, at + ".sleep.seconds",
                    "must be between 0 and terminationGracePeriodSeconds (" + grace + ")");
        }
    }

    private void handlers(String at, Handler.@Nullable Exec exec, Handler.@Nullable HttpGet http,
            Handler.@Nullable TcpSocket tcp) {
        if (exec != null) {
            rules.must(!exec.command().isEmpty(), at + ".exec.command", "must not be empty");
        }
        if (http != null) {
            port(at + ".httpGet.port", http.port());
            rules.must(http.scheme() == null || Set.of("HTTP", "HTTPS").contains(http.scheme()), at + ".httpGet.scheme",
                    "expected HTTP or HTTPS, found '" + Tree.brief(String.valueOf(http.scheme())) + "'");
            for (int i = 0; i < http.httpHeaders().size(); i++) {
                rules.required(at + ".httpGet.httpHeaders[" + i + "].name", http.httpHeaders().get(i).name(),
                        name -> HEADER.matcher(name).matches() ? null : "must be letters, digits and '-'");
            }
        }
        if (tcp != null) {
            port(at + ".tcpSocket.port", tcp.port());
        }
    }

    private void port(String at, IntOrString port) {
        switch (port) {
            case IntOrString.Number(int number) -> rules.check(at, Formats.port(number));
            case IntOrString.Name(String name) -> rules.required(at, name, Formats::portName);
        }
    }

    private static Set<String> signals() {
        Set<String> signals = new HashSet<>();
        for (String name : ("abrt alrm bus chld cld cont fpe hup ill int io iot kill pipe poll prof pwr quit segv stkflt"
                + " stop sys term trap tstp ttin ttou urg usr1 usr2 vtalrm winch xcpu xfsz rtmin rtmax").split(" ")) {
            signals.add("SIG" + name.toUpperCase(Locale.ROOT));
        }
        IntStream.rangeClosed(1, 15).forEach(i -> signals.add("SIGRTMIN+" + i));
        IntStream.rangeClosed(1, 14).forEach(i -> signals.add("SIGRTMAX-" + i));
        return Set.copyOf(signals);
    }
}

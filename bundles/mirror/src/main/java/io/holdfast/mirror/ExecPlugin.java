package io.holdfast.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.kit.process.Output;
import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.kit.tls.TlsMaterial;

/**
 * A program that says who we are: {@code exec} of a kubeconfig.
 *
 * @param origin where it stands
 * @param environment beside our own
 * @param installHint for a person who does not have the program, or empty
 */
record ExecPlugin(String origin, String apiVersion, List<String> command, Map<String, String> environment,
        String installHint) {

    private static final Set<String> VERSIONS = Set.of("client.authentication.k8s.io/v1",
            "client.authentication.k8s.io/v1beta1");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** @param expires empty when that is not known */
    record Credential(Optional<String> token, Optional<TlsMaterial.Part> certificate, Optional<TlsMaterial.Part> key,
            Optional<Instant> expires) {

        /** No secret is shown. */
        @Override
        public String toString() {
            return expires.map(end -> "until " + end).orElse("for ever");
        }
    }

    /**
     * @param kubeconfig that it stands in
     * @param cluster what the plugin is told when it wants to know
     */
    static ExecPlugin of(Fields exec, Path kubeconfig, ObjectNode cluster) throws FileTrouble {
        String version = exec.required("apiVersion");
        if (!VERSIONS.contains(version)) {
            throw exec.trouble("apiVersion",
                    "must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1");
        }
        checkMode(exec, version);
        String program = exec.required("command");
        List<String> command = new ArrayList<>();
        command.add(program.contains(File.separator) ? kubeconfig.resolveSibling(program).normalize().toString() : program);
        command.addAll(exec.texts("args"));
        Map<String, String> environment = new HashMap<>();
        for (Fields variable : exec.named("env")) {
            environment.put(variable.required("name"), variable.text("value").orElse(""));
        }
        environment.put("KUBERNETES_EXEC_INFO", info(version, exec.flag("provideClusterInfo"), cluster));
        return new ExecPlugin(exec.where(), version, List.copyOf(command), Map.copyOf(environment),
                exec.text("installHint").orElse(""));
    }

    private static void checkMode(Fields exec, String version) throws FileTrouble {
        Optional<String> mode = exec.text("interactiveMode");
        if (mode.isEmpty() ? version.endsWith("/v1") : !Set.of("Never", "IfAvailable", "Always").contains(mode.get())) {
            throw exec.trouble("interactiveMode", "must be Never, IfAvailable or Always");
        }
        if (mode.equals(Optional.of("Always"))) {
            throw exec.trouble("interactiveMode", "Always, but nobody is there to be asked; use a plugin that asks nothing");
        }
    }

    private static String info(String version, boolean withCluster, ObjectNode cluster) {
        ObjectNode info = Trees.MAPPER.createObjectNode().put("apiVersion", version).put("kind", "ExecCredential");
        ObjectNode spec = info.putObject("spec").put("interactive", false);
        if (withCluster) {
            spec.set("cluster", cluster);
        }
        return new String(Trees.bytes(info), UTF_8);
    }

    /** Runs it. */
    Credential credential() throws FileTrouble, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Output output;
        try {
            output = Output.of(builder, "", PATIENCE);
        } catch (IOException e) {
            throw trouble("cannot run " + command.getFirst() + ": "
                    + (e.getCause() == null || e.getCause().getMessage() == null ? "is it installed?"
                            : e.getCause().getMessage().strip())
                    + (installHint.isEmpty() ? "" : "; " + installHint.strip()));
        }
        if (output.isLate()) {
            throw trouble(command.getFirst() + " did not end within " + PATIENCE.toSeconds() + " s");
        }
        if (output.exitCode() != 0) {
            throw trouble(command.getFirst() + " ended with exit code " + output.exitCode() + output.complaint());
        }
        return credential(output);
    }

    private Credential credential(Output output) throws FileTrouble {
        Fields said = said(output);
        if (!apiVersion.equals(said.required("apiVersion"))) {
            throw said.trouble("apiVersion", "must be " + apiVersion + ", as the kubeconfig has it");
        }
        Fields status = Fields.of(said.path("status"), said.values().get("status"));
        Optional<TlsMaterial.Part> certificate = part(status, "clientCertificateData");
        Optional<TlsMaterial.Part> key = part(status, "clientKeyData");
        Optional<String> token = status.token("token");
        if (certificate.isPresent() != key.isPresent()) {
            throw status.trouble(key.isPresent() ? "clientCertificateData" : "clientKeyData", "must be set, too");
        }
        if (token.isEmpty() && key.isEmpty()) {
            throw status.trouble("token", "must be set, or clientCertificateData and clientKeyData");
        }
        return new Credential(token, certificate, key, expires(status));
    }

    /** What Jackson says of what is wrong is not passed on: it quotes. */
    private Fields said(Output output) throws FileTrouble {
        try {
            return Fields.of(origin + ": what " + command.getFirst() + " printed:",
                    Trees.MAPPER.readValue(output.text(), Map.class));
        } catch (IOException | IllegalArgumentException _) {
            throw trouble(command.getFirst() + " did not print an ExecCredential in JSON");
        }
    }

    private static Optional<TlsMaterial.Part> part(Fields status, String key) throws FileTrouble {
        return status.text(key).map(text -> new TlsMaterial.Part(status.path(key), Optional.empty(), text));
    }

    private static Optional<Instant> expires(Fields status) throws FileTrouble {
        Optional<String> text = status.text("expirationTimestamp");
        try {
            return text.map(time -> OffsetDateTime.parse(time).toInstant());
        } catch (DateTimeParseException _) {
            throw status.trouble("expirationTimestamp", "must be a time such as 2026-01-31T12:00:00Z");
        }
    }

    private FileTrouble trouble(String reason) {
        return new FileTrouble(origin + ": " + reason);
    }

    /** Arguments and variables may be secrets. */
    @Override
    public String toString() {
        return origin;
    }
}

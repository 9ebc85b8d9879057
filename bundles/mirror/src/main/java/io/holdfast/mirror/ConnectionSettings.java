package io.holdfast.mirror;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.holdfast.kit.tls.FileTrouble;

/**
 * How to get to an API server, checked. What is in the files is checked when they are read, again and again.
 *
 * @param proxy instead of what the kubeconfig or the environment says
 * @param environment where {@code HTTPS_PROXY} and the like are
 */
record ConnectionSettings(From from, Optional<URI> proxy, Map<String, String> environment) {

    /** What says where the server is and who we are. */
    sealed interface From {

        /** @param context instead of the current one */
        record Kubeconfig(Path file, Optional<String> context) implements From {
        }

        /** @param directory with {@code token} and {@code ca.crt}, as a service account has it in its pods */
        record InCluster(Path directory, URI server) implements From {
        }
    }

    /**
     * All may be null or blank.
     *
     * @throws IllegalArgumentException with the key and what was expected
     */
    static ConnectionSettings of(@Nullable String kubeconfig, @Nullable String context, @Nullable String inCluster,
            @Nullable String server, @Nullable String proxy, Map<String, String> environment) {
        require(text(kubeconfig).isPresent() != text(inCluster).isPresent(), "kubeconfig",
                "the path of a kubeconfig, or 'in.cluster' a directory with token and ca.crt, and not both");
        Optional<URI> url = text(server).map(value -> httpUrl("server", value, "https://10.0.0.1:6443"));
        return new ConnectionSettings(text(kubeconfig).map(file -> kubeconfig(file, text(context), url))
                .orElseGet(() -> inCluster(text(inCluster).orElseThrow(), text(context), url, environment)),
                text(proxy).map(ConnectionSettings::proxy),
                Map.copyOf(environment));
    }

    private static From kubeconfig(String file, Optional<String> context, Optional<URI> server) {
        require(server.isEmpty(), "server", "left out when kubeconfig is set, which says it");
        return new From.Kubeconfig(path("kubeconfig", file), context);
    }

    private static From inCluster(String directory, Optional<String> context, Optional<URI> server,
            Map<String, String> environment) {
        require(context.isEmpty(), "context", "left out when in.cluster is set");
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
        require(server.isPresent() || !host.isEmpty() && !port.isEmpty(), "server", "the API server's URL, such as "
                + "https://10.0.0.1:6443, as KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set");
        return new From.InCluster(path("in.cluster", directory), server.orElseGet(() -> httpUrl("server",
                "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port, "https://10.0.0.1:6443")));
    }

    private static URI proxy(String value) {
        try {
            return Proxies.url("'proxy'", value);
        } catch (FileTrouble e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()));
        }
    }

    private static Path path(String key, String value) {
        try {
            return Path.of(value).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + key + "' must be a path: " + e.getReason());
        }
    }

    private static URI httpUrl(String key, String value, String example) {
        Optional<URI> url = httpUrl(value);
        require(url.isPresent(), key, "an http or https URL without a user, such as " + example);
        return url.orElseThrow();
    }

    /** Empty when it is none, has a user and a password, or a query. */
    static Optional<URI> httpUrl(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            return http && url.getHost() != null && url.getRawUserInfo() == null && url.getRawQuery() == null
                    && url.getRawFragment() == null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(@Nullable String value) {
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static void require(boolean good, String key, String expected) {
        if (!good) {
            throw new IllegalArgumentException("'" + key + "' must be " + expected);
        }
    }

    /** Nothing of the environment, where there may be secrets. */
    @Override
    public String toString() {
        return from.toString();
    }
}

package io.holdfast.source.http;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.holdfast.config.ConfigKeys;
import io.holdfast.source.ManifestSource;

/** The configuration of one source, checked. What is in the files that it names is checked when they are read. */
record Settings(List<Target> targets, Timing timing, Credentials credentials, TlsFiles tls, Optional<Signer> signer) {

    private static final String HEADER = "header.";
    private static final Set<String> OURS = Set.of("accept-encoding", "if-none-match", "if-modified-since", "prefer",
            "range");

    /**
     * @param timeout for an answer that is not held back
     * @param longPoll for how long the server may hold an answer back, or zero
     */
    record Timing(Duration period, Duration timeout, Duration longPoll) {
    }

    /** What is sent to the configured servers, and to no other. */
    record Credentials(Map<String, String> headers, Optional<Path> token) {
    }

    /** @throws IllegalArgumentException for a person; never with a value that may be a secret */
    static Settings read(HttpSource.Config config, Map<String, Object> properties) {
        Map<String, String> headers = new TreeMap<>();
        properties.keySet().stream().filter(key -> key.startsWith(HEADER))
                .forEach(key -> headers.put(key.substring(HEADER.length()), String.valueOf(properties.get(key))));
        ConfigKeys.check(properties, HttpSource.Config.class,
                headers.keySet().stream().map(HEADER::concat).toArray(String[]::new));
        try {
            return new Settings(targets(config.url()), timing(config), credentials(headers, path(config.token_file())),
                    tls(config), signer(config));
        } catch (IllegalArgumentException e) { // not as a cause: Declarative Services would log that alone
            throw new IllegalArgumentException(
                    "io.holdfast.source." + ManifestSource.nameOf(properties) + ": " + e.getMessage());
        }
    }

    private static List<Target> targets(String @Nullable [] urls) {
        List<String> all = urls == null ? List.of()
                : Arrays.stream(urls).flatMap(u -> Arrays.stream(u.split("\\s+"))).filter(u -> !u.isEmpty()).toList();
        require(!all.isEmpty(), "url", "one or several http or https URLs, separated by white space");
        return Target.all(all);
    }

    private static Timing timing(HttpSource.Config config) {
        require(config.period() > 0, "period", "seconds, 1 or more");
        require(config.timeout() > 0, "timeout", "seconds, 1 or more");
        require(config.long_poll() >= 0, "long.poll", "seconds, 0 or more");
        return new Timing(Duration.ofSeconds(config.period()), Duration.ofSeconds(config.timeout()),
                Duration.ofSeconds(config.long_poll()));
    }

    private static Credentials credentials(Map<String, String> headers, Optional<Path> token) {
        headers.forEach(Settings::checkHeader);
        require(token.isEmpty() || headers.keySet().stream().noneMatch("authorization"::equalsIgnoreCase), "token.file",
                "left out when header.Authorization is set: both are the same header");
        return new Credentials(Map.copyOf(headers), token);
    }

    private static void checkHeader(String name, String value) {
        require(!OURS.contains(name.toLowerCase(Locale.ROOT)), HEADER + name, "left out: the source sets that itself");
        try {
            HttpRequest.newBuilder(URI.create("http://localhost/")).header(name, value);
        } catch (IllegalArgumentException _) { // its message has the value in it
            throw new IllegalArgumentException(
                    "'" + HEADER + name + "' must be a header that may be set, in plain characters");
        }
    }

    private static TlsFiles tls(HttpSource.Config config) {
        Optional<Path> certificate = path(config.client_cert());
        Optional<Path> key = path(config.client_key());
        require(certificate.isPresent() || key.isEmpty(), "client.cert", "set as client.key is");
        require(key.isPresent() || certificate.isEmpty(), "client.key", "set as client.cert is");
        return new TlsFiles(path(config.ca()), certificate, key);
    }

    private static Optional<Signer> signer(HttpSource.Config config) {
        Optional<String> header = text(config.signature_header());
        Optional<Path> key = path(config.verify_key());
        require(key.isPresent() || header.isEmpty(), "verify.key", "set as signature.header is");
        return key.map(file -> new Signer(file, header));
    }

    private static Optional<Path> path(@Nullable String value) {
        return text(value).map(path -> Path.of(path).toAbsolutePath());
    }

    private static Optional<String> text(@Nullable String value) {
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static void require(boolean good, String key, String expected) {
        if (!good) {
            throw new IllegalArgumentException("'" + key + "' must be " + expected);
        }
    }
}

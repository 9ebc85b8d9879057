package io.holdfast.endpoint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.holdfast.config.ConfigKeys;

/** What {@link EndpointConfig} says, checked. */
record Settings(String address, int port, int maxConnections, TlsFiles tls, Set<String> users, Set<String> groups) {

    private static final int LAST_PORT = 65535;

    /** @throws IllegalArgumentException for a person */
    static Settings read(EndpointConfig config, Map<String, ?> properties) {
        ConfigKeys.check(properties, EndpointConfig.class);
        String address = text(config.address()).orElseThrow(() -> bad("address", "an address of this node, or 0.0.0.0"));
        require(config.port() > 0 && config.port() <= LAST_PORT, "port", "a TCP port, 1 to 65535");
        require(config.max_connections() > 0, "max.connections", "a number, 1 or more");
        TlsFiles tls = new TlsFiles(file("client.ca", config.client_ca()), file("cert", config.cert()),
                file("key", config.key()));
        return new Settings(address, config.port(), config.max_connections(), tls, words(config.allow_users()),
                words(config.allow_groups()));
    }

    private static Path file(String key, @Nullable String value) {
        return text(value).map(path -> Path.of(path).toAbsolutePath()).orElseThrow(() -> bad(key, "a PEM file"));
    }

    private static Optional<String> text(@Nullable String value) {
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** File Install hands over a list as one string. */
    private static Set<String> words(String... values) {
        return Arrays.stream(values).flatMap(value -> Arrays.stream(value.split(","))).map(String::strip)
                .filter(word -> !word.isEmpty()).collect(Collectors.toUnmodifiableSet());
    }

    private static void require(boolean good, String key, String expected) {
        if (!good) {
            throw bad(key, expected);
        }
    }

    private static IllegalArgumentException bad(String key, String expected) {
        return new IllegalArgumentException(Endpoint.PID + ": '" + key + "' must be " + expected);
    }
}

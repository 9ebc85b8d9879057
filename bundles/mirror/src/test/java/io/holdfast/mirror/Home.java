package io.holdfast.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;

/** A directory with a kubeconfig and what it names. */
record Home(Path directory) {

    static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * @param cluster fields, in YAML's short form
     * @param user likewise
     */
    void kubeconfig(String cluster, String user) throws IOException {
        write("config", """
                apiVersion: v1
                kind: Config
                current-context: main
                clusters: [{name: one, cluster: {%s}}]
                users: [{name: node1, user: {%s}}]
                contexts: [{name: main, context: {cluster: one, user: node1}}]
                """.formatted(cluster, user));
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    /** In one step, as tools that rotate do it. */
    Path write(String name, String content) throws IOException {
        Path beside = Files.writeString(directory.resolve(name + ".new"), content);
        return Files.move(beside, path(name), StandardCopyOption.ATOMIC_MOVE);
    }

    Path script(String name, String body) throws IOException {
        Path script = write(name, "#!/bin/sh\n" + body);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    HttpApi open() {
        return open(Map.of());
    }

    HttpApi open(Map<String, String> environment) {
        return open(settings(environment));
    }

    /** @param look between two looks at the files */
    HttpApi open(Duration look) {
        return open(settings(Map.of()), look);
    }

    private ConnectionSettings settings(Map<String, String> environment) {
        return ConnectionSettings.of(path("config").toString(), null, null, null, null, environment);
    }

    static HttpApi open(ConnectionSettings settings) {
        return open(settings, LOOK);
    }

    private static HttpApi open(ConnectionSettings settings, Duration look) {
        return HttpApi.open(settings, "1.2.3", new HttpApi.Timing(PATIENCE, look));
    }
}

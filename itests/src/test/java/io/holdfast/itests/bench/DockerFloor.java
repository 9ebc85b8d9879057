package io.holdfast.itests.bench;

import java.nio.file.Path;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.holdfast.itests.Agent;
import io.holdfast.itests.DockerEngine;

/** By Docker's API: a sandbox is a container that waits, whose IPC namespace the other joins. */
final class DockerFloor implements Floor {

    /** The agent's own, which it has given to the Engine by the time that the floor is measured. */
    private static final String PAUSE = "io.holdfast/pause:1";

    private final DockerEngine docker;

    DockerFloor(Path socket) {
        docker = new DockerEngine(socket);
    }

    @Override
    public Raw start(String name, @Nullable Path data) {
        String sandbox = run("k8s_POD_" + name + "_floor_" + name + "_0", """
                {"Image": "%s", "HostConfig": {"NetworkMode": "host", "IpcMode": "shareable", "LogConfig": {"Type": "none"}},
                 "Labels": {"io.kubernetes.docker.type": "podsandbox"}}""".formatted(PAUSE));
        return new Raw(name, sandbox, container(name, sandbox, 0, data));
    }

    @Override
    public String container(String name, String sandbox, int attempt, @Nullable Path data) {
        String script = data == null ? Bench.IDLE : Stamps.script(name);
        String mounts = data == null ? "" : "{\"Type\": \"bind\", \"Source\": \"%s\", \"Target\": \"/data\"}".formatted(data);
        return run("k8s_main_" + name + "_floor_" + name + "_" + attempt, """
                {"Image": "%1$s", "Entrypoint": ["sh", "-c", "%3$s"], "Labels": {"io.kubernetes.docker.type": "container"},
                 "HostConfig": {"NetworkMode": "container:%2$s", "IpcMode": "container:%2$s", "Mounts": [%4$s]}}"""
                .formatted(Agent.IMAGE, sandbox, script, mounts));
    }

    private String run(String name, String container) {
        String id = docker.call("POST", "/containers/create?name=" + name, container).path("Id").asText();
        docker.call("POST", "/containers/" + id + "/start", "");
        return id;
    }

    @Override
    public Instant startedAt(String container) {
        return Instant.parse(docker.call("GET", "/containers/" + container + "/json", "").at("/State/StartedAt").asText());
    }

    @Override
    public void stop(Raw raw) {
        docker.call("POST", "/containers/" + raw.container() + "/stop?t=2", "");
        docker.call("POST", "/containers/" + raw.sandbox() + "/stop?t=2", "");
    }

    @Override
    public void remove(Raw raw) {
        docker.call("DELETE", "/containers/" + raw.container() + "?force=1", "");
        docker.call("DELETE", "/containers/" + raw.sandbox() + "?force=1", "");
    }

    @Override
    public void close() {
        docker.close();
    }
}

package io.holdfast.runtime.docker;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;

import io.holdfast.config.ConfigKeys;
import io.holdfast.kit.log.LogLimits;
import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec;
import io.holdfast.runtime.ContainerExec;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.ImageStore;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.PullAuth;
import io.holdfast.runtime.RuntimeInfo;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.SandboxSpec;

/**
 * Docker Engine, whose sandboxes are containers that wait and whose members join them, as dockershim had it. What the
 * API tells of a container that is gone is an answer as good as one that it is removed.
 */
@Component(configurationPid = DockerRuntime.PID, configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = { ContainerRuntime.class, ContainerExec.class, ImageStore.class }, property = ContainerRuntime.NAME + "=docker")
public final class DockerRuntime implements ContainerRuntime, ContainerExec, ImageStore {

    static final String PID = "io.holdfast.runtime.docker";

    private final LogLimits limits;
    private final Engine engine;
    private final Looks looks;
    private final Events events;
    private final Images images;
    private final Creation creation;
    private final Logs logs;
    private final Exec exec;

    @Activate
    public DockerRuntime(DockerConfig config, Map<String, Object> properties) {
        this(checked(config, properties).endpoint(), LogLimits.of(PID, config.log_max_size(), config.log_max_file()));
    }

    private static DockerConfig checked(DockerConfig config, Map<String, Object> properties) {
        ConfigKeys.check(properties, DockerConfig.class, ContainerRuntime.NAME);
        return config;
    }

    /** @param endpoint such as {@code unix:///var/run/docker.sock} */
    DockerRuntime(String endpoint, LogLimits limits) {
        this.limits = limits;
        engine = new Engine(Endpoint.parse(endpoint));
        looks = new Looks(engine);
        events = new Events(engine, looks);
        images = new Images(engine);
        creation = new Creation(engine);
        logs = new Logs(engine, limits);
        exec = new Exec(engine);
    }

    @Deactivate
    void close() {
        logs.close();
        engine.close();
    }

    @Override
    public RuntimeInfo info() throws InterruptedException {
        return new RuntimeInfo("docker", engine.get("/version").get().at("Version").text(),
                engine.endpoint().toString(), List.of(), cgroups());
    }

    private RuntimeInfo.Cgroups cgroups() throws InterruptedException {
        return switch (engine.get("/info").get().at("CgroupDriver").text()) {
            case "cgroupfs" -> RuntimeInfo.Cgroups.Cgroupfs;
            case "systemd" -> RuntimeInfo.Cgroups.Systemd;
            default -> RuntimeInfo.Cgroups.Unknown; // "none": a rootless Docker makes none
        };
    }

    @Override
    public List<ObservedPod> pods() throws InterruptedException {
        List<ObservedPod> pods = looks.all();
        logs.observed(pods);
        logs.keepOnly(pods.stream().flatMap(p -> p.sandboxes().stream()).flatMap(s -> s.containers().stream())
                .map(c -> c.id().value()).collect(Collectors.toSet()));
        return pods;
    }

    @Override
    public Optional<ObservedPod> pod(PodName name) throws InterruptedException {
        Optional<ObservedPod> pod = looks.one(name);
        logs.observed(pod.stream().toList());
        return pod;
    }

    @Override
    public void watch(Hints hints) throws InterruptedException {
        events.watch(hints);
    }

    @Override
    public Optional<Image> image(String reference) throws InterruptedException {
        return images.image(reference);
    }

    @Override
    public Image pull(String reference, PullAuth auth) throws InterruptedException {
        return images.pull(reference, auth);
    }

    @Override
    public List<Stored> images() throws InterruptedException {
        return images.all();
    }

    @Override
    public void discard(String id) throws InterruptedException {
        images.remove(id);
    }

    @Override
    public Space space() throws InterruptedException {
        return images.space();
    }

    @Override
    public SandboxId runSandbox(SandboxSpec spec) throws InterruptedException {
        String id = creation.sandbox(Labels.name(spec), Specs.of(spec, PauseImage.REFERENCE));
        try {
            engine.post(path(id, "/start")).get();
        } catch (RuntimeRefused e) {
            engine.delete(path(id, "?force=1&v=1")); // the next try makes another
            throw e;
        }
        return new SandboxId(id);
    }

    @Override
    public void stopSandbox(SandboxId id) throws InterruptedException {
        for (ContainerId member : looks.members(id)) {
            kill(member.value());
        }
        stop(id.value(), 1); // its program ends when told to
    }

    @Override
    public void removeSandbox(SandboxId id) throws InterruptedException {
        for (ContainerId member : looks.members(id)) {
            remove(member);
        }
        delete(id.value());
    }

    @Override
    public ContainerId create(SandboxId sandbox, SandboxSpec in, ContainerSpec spec) throws InterruptedException {
        return new ContainerId(creation.container(Labels.name(spec, in),
                Specs.of(spec, in, sandbox, limits, facts(spec))));
    }

    private Facts facts(ContainerSpec spec) throws InterruptedException {
        return facts(Facts.needsImageUser(spec) ? image(spec.imageId()).map(Image::user).orElse("") : "");
    }

    private Facts facts(String imageUser) throws InterruptedException {
        return new Facts(imageUser, engine.version().canMountReadOnlyRecursively(), AppArmor.isEnabled());
    }

    @Override
    public Optional<String> cannot(PodSpec spec, String handler) throws InterruptedException {
        return Limits.of(spec, facts(""));
    }

    @Override
    public Result exec(ContainerId id, List<String> command, Duration timeout) throws InterruptedException {
        return exec.run(id.value(), command, timeout);
    }

    @Override
    public void start(ContainerId id) throws InterruptedException {
        try {
            engine.post(path(id.value(), "/start")).get();
            logs.started(id.value());
        } finally {
            looks.forget(id.value());
        }
    }

    @Override
    public void stop(ContainerId id, Duration grace) throws InterruptedException {
        stop(id.value(), grace.plusSeconds(1).minusNanos(1).toSeconds()); // Docker knows whole ones only
    }

    private void stop(String id, long seconds) throws InterruptedException {
        try {
            var _ = engine.post(path(id, "/stop?t=" + seconds), Engine.LIMIT.plusSeconds(seconds)).ifThere();
        } finally {
            looks.forget(id);
        }
    }

    /** Returns when it has ended; what does not run is no error. */
    private void kill(String id) throws InterruptedException {
        Engine.Answer answer = engine.post(path(id, "/kill"));
        if (!answer.conflict()) {
            var _ = answer.ifThere();
        }
        looks.forget(id);
    }

    @Override
    public void remove(ContainerId id) throws InterruptedException {
        kill(id.value());
        logs.beforeRemoval(id.value());
        delete(id.value());
    }

    private void delete(String id) throws InterruptedException {
        Engine.Answer answer = engine.delete(path(id, "?force=1&v=1"));
        if (answer.conflict()) { // somebody else is removing it
            answer = engine.post(path(id, "/wait?condition=removed"));
        }
        var _ = answer.ifThere();
        looks.forget(id);
    }

    @Override
    public void reopenLog(ContainerId id) throws InterruptedException {
        try {
            logs.reopen(id.value());
        } catch (IOException e) {
            throw new RuntimeRefused("cannot make the log file of container " + id + " anew: " + e, e);
        }
    }

    private static String path(String id, String call) {
        return "/containers/" + id + call;
    }
}

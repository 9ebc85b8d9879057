package io.holdfast.runtime.cri;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;

import io.holdfast.config.ConfigKeys;
import io.holdfast.kit.log.LogLimits;
import io.holdfast.kit.thread.Threads;
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
import io.holdfast.runtime.cri.wire.AuthConfig;
import io.holdfast.runtime.cri.wire.CreateContainerRequest;
import io.holdfast.runtime.cri.wire.ImageServiceGrpc;
import io.holdfast.runtime.cri.wire.ImageSpec;
import io.holdfast.runtime.cri.wire.ImageStatusRequest;
import io.holdfast.runtime.cri.wire.ImageStatusResponse;
import io.holdfast.runtime.cri.wire.PullImageRequest;
import io.holdfast.runtime.cri.wire.RemoveContainerRequest;
import io.holdfast.runtime.cri.wire.RemovePodSandboxRequest;
import io.holdfast.runtime.cri.wire.ReopenContainerLogRequest;
import io.holdfast.runtime.cri.wire.RunPodSandboxRequest;
import io.holdfast.runtime.cri.wire.RuntimeServiceGrpc;
import io.holdfast.runtime.cri.wire.StartContainerRequest;
import io.holdfast.runtime.cri.wire.StatusRequest;
import io.holdfast.runtime.cri.wire.StatusResponse;
import io.holdfast.runtime.cri.wire.StopContainerRequest;
import io.holdfast.runtime.cri.wire.StopContainerResponse;
import io.holdfast.runtime.cri.wire.StopPodSandboxRequest;
import io.holdfast.runtime.cri.wire.StopPodSandboxResponse;
import io.holdfast.runtime.cri.wire.VersionRequest;
import io.holdfast.runtime.cri.wire.VersionResponse;

/** Any engine that speaks CRI v1 over a Unix socket. */
@Component(configurationPid = CriRuntime.PID, configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = { ContainerRuntime.class, ContainerExec.class, ImageStore.class }, property = ContainerRuntime.NAME + "=cri")
public final class CriRuntime implements ContainerRuntime, ContainerExec, ImageStore {

    static final String PID = "io.holdfast.runtime.cri";

    private static final Duration LIMIT = Looks.LIMIT;
    /** Big images over slow lines; an engine gives up by itself when nothing moves. */
    private static final Duration PULL_LIMIT = Duration.ofHours(2);

    private final Connection engine;
    private final Looks looks;
    private final Events events;
    private final Images images;
    private final LostTasks lost;
    private final LogRotation logs;
    private final Threads threads = new Threads();

    @Activate
    public CriRuntime(CriConfig config, Map<String, Object> properties) {
        this(checked(config, properties).endpoint(), LogLimits.of(PID, config.log_max_size(), config.log_max_file()));
        threads.start("log rotation", logs);
    }

    private static CriConfig checked(CriConfig config, Map<String, Object> properties) {
        ConfigKeys.check(properties, CriConfig.class, ContainerRuntime.NAME);
        return config;
    }

    /** @param endpoint such as {@code unix:///run/containerd/containerd.sock} */
    CriRuntime(String endpoint) {
        this(endpoint, LogLimits.of(PID, "10m", 5));
    }

    private CriRuntime(String endpoint, LogLimits limits) {
        engine = new Connection(Endpoint.parse(endpoint));
        looks = new Looks(engine);
        events = new Events(engine, looks);
        images = new Images(engine);
        lost = new LostTasks(engine);
        logs = new LogRotation(new RotatedLogs(limits, InstantSource.system()), this::reopenLog);
    }

    @Deactivate
    void close() {
        threads.close();
        engine.close();
    }

    @Override
    public RuntimeInfo info() throws InterruptedException {
        VersionResponse version = engine.call(RuntimeServiceGrpc.getVersionMethod(),
                VersionRequest.getDefaultInstance(), LIMIT);
        StatusResponse status = engine.call(RuntimeServiceGrpc.getStatusMethod(),
                StatusRequest.newBuilder().setVerbose(true).build(), LIMIT);
        return new RuntimeInfo(version.getRuntimeName(), version.getRuntimeVersion(), engine.endpoint().toString(),
                status.getStatus().getConditionsList().stream().filter(c -> !c.getStatus())
                        .map(c -> c.getType() + ": " + (c.getMessage().isEmpty() ? c.getReason() : c.getMessage()))
                        .toList(), CgroupDrivers.of(engine, status));
    }

    @Override
    public List<ObservedPod> pods() throws InterruptedException {
        List<ObservedPod> pods = looks.all();
        logs.observed(pods);
        return pods;
    }

    @Override
    public Optional<ObservedPod> pod(PodName name) throws InterruptedException {
        return looks.one(name);
    }

    @Override
    public void watch(Hints hints) throws InterruptedException {
        events.watch(hints);
    }

    @Override
    public Optional<Image> image(String reference) throws InterruptedException {
        ImageStatusResponse answer = engine.call(ImageServiceGrpc.getImageStatusMethod(), ImageStatusRequest
                .newBuilder().setImage(ImageSpec.newBuilder().setImage(reference)).build(), LIMIT);
        if (!answer.hasImage()) {
            return Optional.empty();
        }
        var found = answer.getImage();
        String user = found.hasUid() ? Long.toString(found.getUid().getValue()) : found.getUsername();
        return Optional.of(new Image(found.getId(), reference, user, found.getSize()));
    }

    @Override
    public Image pull(String reference, PullAuth auth) throws InterruptedException {
        PullImageRequest.Builder request = PullImageRequest.newBuilder()
                .setImage(ImageSpec.newBuilder().setImage(reference));
        if (!auth.equals(PullAuth.NONE)) {
            request.setAuth(AuthConfig.newBuilder().setUsername(auth.username()).setPassword(auth.password()));
        }
        engine.call(ImageServiceGrpc.getPullImageMethod(), request.build(), PULL_LIMIT);
        return image(reference).orElseThrow(
                () -> new RuntimeRefused(reference + " was pulled, but is not there: removed again meanwhile?", null));
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
        String id = engine.call(RuntimeServiceGrpc.getRunPodSandboxMethod(), RunPodSandboxRequest.newBuilder()
                .setConfig(Specs.of(spec)).setRuntimeHandler(spec.handler()).build(), LIMIT).getPodSandboxId();
        looks.owned(id, spec.name());
        return new SandboxId(id);
    }

    @Override
    public void stopSandbox(SandboxId id) throws InterruptedException {
        engine.begin(RuntimeServiceGrpc.getStopPodSandboxMethod(),
                StopPodSandboxRequest.newBuilder().setPodSandboxId(id.value()).build(), LIMIT)
                .orIfGone(StopPodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void removeSandbox(SandboxId id) throws InterruptedException {
        lost.remove(RuntimeServiceGrpc.getRemovePodSandboxMethod(),
                RemovePodSandboxRequest.newBuilder().setPodSandboxId(id.value()).build());
    }

    @Override
    public ContainerId create(SandboxId sandbox, SandboxSpec in, ContainerSpec spec) throws InterruptedException {
        String id = engine.call(RuntimeServiceGrpc.getCreateContainerMethod(),
                CreateContainerRequest.newBuilder().setPodSandboxId(sandbox.value())
                        .setConfig(Specs.of(spec, in, facts(spec, in)))
                        .setSandboxConfig(Specs.of(in)).build(),
                LIMIT).getContainerId();
        looks.owned(id, in.name());
        return new ContainerId(id);
    }

    private Facts facts(ContainerSpec spec, SandboxSpec in) throws InterruptedException {
        String user = Facts.needsImageUser(spec) ? image(spec.imageId()).map(Image::user).orElse("") : "";
        return Facts.needsFeatures(spec) ? Facts.of(user, in.handler(), status()) : new Facts(user, false, false);
    }

    @Override
    public Optional<String> cannot(PodSpec spec, String handler) throws InterruptedException {
        boolean asksForMore = Limits.of(spec, Facts.NONE).isPresent();
        return asksForMore ? Limits.of(spec, Facts.of("", handler, status())) : Optional.empty();
    }

    private StatusResponse status() throws InterruptedException {
        return engine.call(RuntimeServiceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance(), LIMIT);
    }

    @Override
    public Result exec(ContainerId id, List<String> command, Duration timeout) throws InterruptedException {
        return Exec.run(engine, id.value(), command, timeout);
    }

    /** Not to be cut short: containerd would kill the process that it has just started. */
    @Override
    public void start(ContainerId id) throws InterruptedException {
        engine.callWhole(RuntimeServiceGrpc.getStartContainerMethod(),
                StartContainerRequest.newBuilder().setContainerId(id.value()).build(), LIMIT);
    }

    /** There is nothing to keep of one whose start was cut off, and nothing by which the engine could show that it ended. */
    @Override
    public void stop(ContainerId id, Duration grace) throws InterruptedException {
        if (looks.wasCutOff(id)) {
            remove(id);
            return;
        }
        long seconds = grace.plusSeconds(1).minusNanos(1).toSeconds(); // CRI knows whole ones only
        engine.begin(RuntimeServiceGrpc.getStopContainerMethod(),
                StopContainerRequest.newBuilder().setContainerId(id.value()).setTimeout(seconds).build(),
                LIMIT.plusSeconds(seconds)).orIfGone(StopContainerResponse.getDefaultInstance());
    }

    @Override
    public void remove(ContainerId id) throws InterruptedException {
        lost.remove(RuntimeServiceGrpc.getRemoveContainerMethod(),
                RemoveContainerRequest.newBuilder().setContainerId(id.value()).build());
    }

    @Override
    public void reopenLog(ContainerId id) throws InterruptedException {
        engine.call(RuntimeServiceGrpc.getReopenContainerLogMethod(),
                ReopenContainerLogRequest.newBuilder().setContainerId(id.value()).build(), LIMIT);
    }
}

package io.holdfast.itests.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.itests.Agent;
import io.holdfast.itests.Cri;
import io.holdfast.runtime.cri.wire.ContainerConfig;
import io.holdfast.runtime.cri.wire.ContainerMetadata;
import io.holdfast.runtime.cri.wire.CreateContainerRequest;
import io.holdfast.runtime.cri.wire.ImageSpec;
import io.holdfast.runtime.cri.wire.LinuxContainerConfig;
import io.holdfast.runtime.cri.wire.LinuxContainerSecurityContext;
import io.holdfast.runtime.cri.wire.LinuxPodSandboxConfig;
import io.holdfast.runtime.cri.wire.LinuxSandboxSecurityContext;
import io.holdfast.runtime.cri.wire.Mount;
import io.holdfast.runtime.cri.wire.NamespaceMode;
import io.holdfast.runtime.cri.wire.NamespaceOption;
import io.holdfast.runtime.cri.wire.PodSandboxConfig;
import io.holdfast.runtime.cri.wire.PodSandboxMetadata;
import io.holdfast.runtime.cri.wire.RemovePodSandboxRequest;
import io.holdfast.runtime.cri.wire.RunPodSandboxRequest;
import io.holdfast.runtime.cri.wire.StartContainerRequest;
import io.holdfast.runtime.cri.wire.StopContainerRequest;
import io.holdfast.runtime.cri.wire.StopPodSandboxRequest;

/** By CRI. */
final class CriFloor implements Floor {

    private static final NamespaceOption HOST_NETWORK = NamespaceOption.newBuilder().setNetwork(NamespaceMode.NODE)
            .setPid(NamespaceMode.CONTAINER).build();

    private final Cri cri;
    private final Path logs;

    CriFloor(Path socket, Path logs) {
        this.cri = new Cri(socket);
        this.logs = logs;
    }

    @Override
    public Raw start(String name, @Nullable Path data) {
        String sandbox = cri.calls().runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(config(name)).build())
                .getPodSandboxId();
        return new Raw(name, sandbox, container(name, sandbox, 0, data));
    }

    private PodSandboxConfig config(String name) {
        return PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder().setName(name).setNamespace("floor").setUid(name))
                .setLogDirectory(logs.resolve(name).toString())
                .setLinux(LinuxPodSandboxConfig.newBuilder().setSecurityContext(
                        LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(HOST_NETWORK)))
                .putAllLabels(Map.of("io.kubernetes.pod.name", name)).build();
    }

    @Override
    public String container(String name, String sandbox, int attempt, @Nullable Path data) {
        ContainerConfig.Builder container = ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName("main").setAttempt(attempt))
                .setImage(ImageSpec.newBuilder().setImage(Agent.IMAGE)).addAllCommand(List.of("sh", "-c"))
                .addArgs(data == null ? Bench.IDLE : Stamps.script(name)).setLogPath("main-" + attempt + ".log")
                .putAllLabels(Map.of("io.kubernetes.pod.name", name))
                .setLinux(LinuxContainerConfig.newBuilder().setSecurityContext(
                        LinuxContainerSecurityContext.newBuilder().setNamespaceOptions(HOST_NETWORK)));
        if (data != null) {
            container.addMounts(Mount.newBuilder().setContainerPath("/data").setHostPath(data.toString()));
        }
        String id = cri.calls().createContainer(CreateContainerRequest.newBuilder().setPodSandboxId(sandbox)
                .setSandboxConfig(config(name)).setConfig(container).build()).getContainerId();
        cri.calls().startContainer(StartContainerRequest.newBuilder().setContainerId(id).build());
        return id;
    }

    @Override
    public Instant startedAt(String container) {
        return Instant.ofEpochSecond(0, cri.status(container).getStartedAt());
    }

    @Override
    public void stop(Raw raw) {
        cri.calls().stopContainer(
                StopContainerRequest.newBuilder().setContainerId(raw.container()).setTimeout(2).build());
        cri.calls().stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(raw.sandbox()).build());
    }

    @Override
    public void remove(Raw raw) {
        cri.calls().stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(raw.sandbox()).build());
        cri.calls().removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(raw.sandbox()).build());
    }

    @Override
    public void close() {
        cri.close();
    }
}

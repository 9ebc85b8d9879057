package io.holdfast.itests.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

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

/** The engine's own calls alone: nobody can be faster. The same pods as the agent's, on the host network. */
final class Floor {

    /** A running pod. */
    record Raw(PodSandboxConfig config, String sandbox, String container) {
    }

    private static final NamespaceOption HOST_NETWORK = NamespaceOption.newBuilder().setNetwork(NamespaceMode.NODE)
            .setPid(NamespaceMode.CONTAINER).build();

    private final Cri cri;
    private final Path logs;

    Floor(Cri cri, Path logs) {
        this.cri = cri;
        this.logs = logs;
    }

    Raw start(String name, @Nullable Path data) {
        PodSandboxConfig config = PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder().setName(name).setNamespace("floor").setUid(name))
                .setLogDirectory(logs.resolve(name).toString())
                .setLinux(LinuxPodSandboxConfig.newBuilder().setSecurityContext(
                        LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(HOST_NETWORK)))
                .putAllLabels(Map.of("io.kubernetes.pod.name", name)).build();
        String sandbox = cri.calls().runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(config).build())
                .getPodSandboxId();
        return new Raw(config, sandbox, container(config, sandbox, name, 0, data));
    }

    /** Makes and starts one more container in the sandbox. */
    String container(PodSandboxConfig config, String sandbox, String name, int attempt, @Nullable Path data) {
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
                .setSandboxConfig(config).setConfig(container).build()).getContainerId();
        cri.calls().startContainer(StartContainerRequest.newBuilder().setContainerId(id).build());
        return id;
    }

    Instant startedAt(String container) {
        return Instant.ofEpochSecond(0, cri.status(container).getStartedAt());
    }

    void stop(Raw raw) {
        cri.calls().stopContainer(
                StopContainerRequest.newBuilder().setContainerId(raw.container()).setTimeout(2).build());
        cri.calls().stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(raw.sandbox()).build());
    }

    void remove(Raw raw) {
        cri.calls().stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(raw.sandbox()).build());
        cri.calls().removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(raw.sandbox()).build());
    }

    /** Starts many pods, some at a time, and returns when all calls have returned. */
    List<Raw> startAll(List<String> names, Path data, int parallel) throws InterruptedException {
        List<Raw> started = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        Semaphore permits = new Semaphore(parallel);
        List<Thread> threads = new java.util.ArrayList<>();
        for (String name : names) {
            threads.add(Thread.ofVirtual().start(() -> {
                permits.acquireUninterruptibly();
                try {
                    started.add(start(name, data));
                } finally {
                    permits.release();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return started;
    }
}

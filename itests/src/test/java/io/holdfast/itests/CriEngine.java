package io.holdfast.itests;

import java.nio.file.Path;
import java.util.List;

import io.holdfast.runtime.cri.wire.ContainerState;
import io.holdfast.runtime.cri.wire.ExecSyncRequest;
import io.holdfast.runtime.cri.wire.LinuxPodSandboxConfig;
import io.holdfast.runtime.cri.wire.LinuxSandboxSecurityContext;
import io.holdfast.runtime.cri.wire.NamespaceMode;
import io.holdfast.runtime.cri.wire.NamespaceOption;
import io.holdfast.runtime.cri.wire.PodSandboxConfig;
import io.holdfast.runtime.cri.wire.PodSandboxMetadata;
import io.holdfast.runtime.cri.wire.RemovePodSandboxRequest;
import io.holdfast.runtime.cri.wire.RunPodSandboxRequest;
import io.holdfast.runtime.cri.wire.StopContainerRequest;
import io.holdfast.runtime.cri.wire.StopPodSandboxRequest;

/** Any engine, over CRI. */
final class CriEngine implements Engine {

    private static final int EXEC_SECONDS = 20;

    private final Path socket;
    private final Cri cri;

    CriEngine(Path socket) {
        this.socket = socket;
        cri = new Cri(socket);
    }

    @Override
    public String runtime() {
        return "cri";
    }

    @Override
    public Path socket() {
        return socket;
    }

    @Override
    public List<Sandbox> sandboxes() {
        return cri.sandboxes().stream().map(s -> new Sandbox(s.getId(), s.getMetadata().getName(),
                s.getMetadata().getUid(), s.getLabelsMap(), s.getAnnotationsMap())).toList();
    }

    @Override
    public List<Container> containers() {
        return cri.containers().stream().map(c -> new Container(c.getId(),
                c.getLabelsOrDefault("io.kubernetes.pod.name", ""), c.getMetadata().getAttempt(),
                c.getState() == ContainerState.CONTAINER_RUNNING, c.getLabelsMap(), c.getAnnotationsMap())).toList();
    }

    @Override
    public String exec(String container, String... command) {
        var result = cri.calls().execSync(ExecSyncRequest.newBuilder().setContainerId(container)
                .addAllCmd(List.of(command)).setTimeout(EXEC_SECONDS).build());
        return result.getStdout().toStringUtf8() + result.getStderr().toStringUtf8();
    }

    @Override
    public List<String> images() {
        return cri.images().stream().flatMap(image -> image.getRepoTagsList().stream()).toList();
    }

    @Override
    public void kill(String container) {
        cri.calls().stopContainer(StopContainerRequest.newBuilder().setContainerId(container).setTimeout(0).build());
    }

    @Override
    public void sweep() {
        for (Sandbox sandbox : sandboxes()) {
            cri.calls().stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(sandbox.id()).build());
            cri.calls().removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(sandbox.id()).build());
        }
    }

    @Override
    public String runForeign(String pod) {
        var hostNetwork = LinuxSandboxSecurityContext.newBuilder()
                .setNamespaceOptions(NamespaceOption.newBuilder().setNetwork(NamespaceMode.NODE));
        var config = PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder().setName(pod).setNamespace("default").setUid("foreign"))
                .putLabels("io.kubernetes.pod.name", pod).putLabels("io.kubernetes.pod.namespace", "default")
                .setLinux(LinuxPodSandboxConfig.newBuilder().setSecurityContext(hostNetwork));
        return cri.calls().runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(config).build())
                .getPodSandboxId();
    }

    @Override
    public void close() {
        cri.close();
    }
}

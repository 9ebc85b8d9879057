package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.DesiredPod;

/**
 * Carries out the steps of one pod. What cannot be done now is put among the troubles and tried again by a later plan.
 * Used by the pod's worker only.
 */
final class StepRunner {

    private final PodName name;
    private final Kit kit;
    private final EventLog events;
    private final Troubles troubles;
    private final Runnable wake;
    private final PodWorker.Owner owner;
    private final Termination termination;
    private final Set<String> pulling = new HashSet<>(); // of what that was told
    private String scheduled = ""; // the edition that was told to be

    /** @param wake wakes the worker */
    StepRunner(PodName name, Kit kit, EventLog events, Troubles troubles, Runnable wake, PodWorker.Owner owner) {
        this.name = name;
        this.kit = kit;
        this.events = events;
        this.troubles = troubles;
        this.wake = wake;
        this.owner = owner;
        termination = new Termination(name.toString(), new Hooks(events, kit.clock()), kit.node().ip());
    }

    /**
     * Takes one step.
     *
     * @return the sandbox that was made, when everything about it is known without a look
     * @throws RuntimeRefused a step that concerns no single container failed; all is to be looked at again later
     */
    Optional<Sandbox> carryOut(Step step, Kit.Engine engine) throws InterruptedException {
        if (step instanceof Step.RunSandbox run) {
            return runSandbox(run, engine);
        }
        change(step, engine.runtime());
        return Optional.empty();
    }

    private void change(Step step, ContainerRuntime runtime) throws InterruptedException {
        switch (step) {
            case Step.StopPod(Sandbox sandbox, String why) -> stopPod(sandbox, why, runtime);
            case Step.RunSandbox run -> throw new IllegalArgumentException(run.toString());
            case Step.StartContainer start -> startContainer(start, runtime);
            case Step.StartCreated(DesiredPod desired, ObservedPod.Container created) ->
                start(created.id(), desired, created.name(), created.attempt(), runtime);
            case Step.StopContainer(Sandbox sandbox, ObservedPod.Container container, Optional<Duration> grace, String why) -> {
                events.normal(kit.now(), "Killing", why);
                termination.end(sandbox, List.of(container), grace, runtime);
            }
            case Step.StopOutdated outdated -> stopOutdated(outdated, runtime);
            case Step.RemoveContainer(Sandbox sandbox, ObservedPod.Container container) -> {
                runtime.remove(container.id());
                OldLogs.remove(PodDirectory.of(kit.node(), name, sandbox.uid()), name, List.of(container));
            }
            case Step.RemoveSandbox(Sandbox sandbox) -> {
                runtime.removeSandbox(sandbox.id());
                OldLogs.remove(PodDirectory.of(kit.node(), name, sandbox.uid()), name, sandbox.containers());
            }
            case Step.RemoveData(String uid) -> removeData(uid);
        }
    }

    /** The mark tells the next agent, too, that it did not end by itself. */
    private void stopOutdated(Step.StopOutdated step, ContainerRuntime runtime) throws InterruptedException {
        ObservedPod.Container old = step.container();
        try {
            Path mark = PodDirectory.of(kit.node(), name, step.desired().uid()).stoppedForConfig(old.name(), old.attempt());
            Files.createDirectories(mark.getParent());
            Files.writeString(mark, step.why());
        } catch (IOException e) {
            throw new RuntimeRefused(
                    "container " + old.name() + " runs on although " + step.why() + ": " + Volumes.reason(e), e);
        }
        events.normal(kit.now(), "Killing", "Stopping container " + old.name() + ": " + step.why());
        termination.end(step.sandbox(), List.of(old), Optional.empty(), runtime);
    }

    private void stopPod(Sandbox sandbox, String why, ContainerRuntime runtime) throws InterruptedException {
        stopContainers(sandbox, why, runtime);
        runtime.stopSandbox(sandbox.id());
    }

    static boolean runs(Sandbox sandbox) {
        return sandbox.containers().stream().anyMatch(c -> c.state() instanceof State.Running);
    }

    /** Returns when all have ended. */
    void stopContainers(Sandbox sandbox, String why, ContainerRuntime runtime) throws InterruptedException {
        List<ObservedPod.Container> alive = sandbox.containers().stream()
                .filter(c -> c.state() instanceof State.Running || c.state() instanceof State.Unknown).toList();
        alive.forEach(c -> events.normal(kit.now(), "Killing", "Stopping container " + c.name() + ": " + why));
        termination.end(sandbox, alive, Optional.empty(), runtime);
    }

    private Optional<Sandbox> runSandbox(Step.RunSandbox step, Kit.Engine engine) throws InterruptedException {
        ContainerRuntime runtime = engine.runtime();
        begins(step);
        Optional<PodName> other = isGiven(step.desired()) ? owner.otherUser(step.desired().uid(), name) : Optional.empty();
        if (other.isPresent()) { // by the UID their files and cgroups are called: what is removed of one would be the other's
            podTrouble("UidInUse", "metadata.uid " + step.desired().uid() + " is still that of pod " + other.get()
                    + ", which has not gone yet");
            return Optional.empty();
        }
        Optional<String> conflict = kit.ports().take(name, step.desired().pod().spec(), owner::wake);
        if (conflict.isPresent()) {
            podTrouble("HostPortConflict", conflict.get());
            return Optional.empty();
        }
        Optional<String> forbidden = Sysctls.forbidden(step.desired().pod().spec(), kit.policy());
        if (forbidden.isPresent()) {
            podTrouble("SysctlForbidden", forbidden.get());
            return Optional.empty();
        }
        Specs specs = Specs.of(kit.node(), step.desired());
        try {
            Files.createDirectories(specs.directory().root()); // first: by it the rest is found again, see Leftovers
            Modes.set(PodDirectory.pods(kit.node()), 0750); // what is in there is no other user's of the node
            volumes(specs, List.of()).prepare();
            Files.createDirectories(specs.directory().logs());
        } catch (IOException e) {
            podTrouble("FailedMount", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
        // meanwhile the images: they are most often here, and else the longest way
        Containers.all(step.desired().pod().spec()).forEach(c -> kit.images().prepare(wish(step.desired(), c, runtime)));
        kit.starts().acquire(Order.priority(step.desired().pod().spec()));
        try {
            SandboxSpec spec = specs.sandbox(step.attempt(), engine.handler(),
                    kit.cgroups().make(step.desired(), engine.cgroups(), specs.directory()), kit.policy());
            kit.placements().at(name, engine.name()); // before it is true: whoever comes after is to look there
            SandboxId id = runtime.runSandbox(spec);
            troubles.cleared(Troubles.POD);
            return spec.namespaces().hostNetwork() ? Optional.of(new Sandbox(id, spec.uid(), spec.attempt(), true,
                    kit.now(), List.of(), spec.labels(), spec.annotations(), List.of())) : Optional.empty();
        } catch (RuntimeRefused | IOException e) {
            podTrouble("FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
            return Optional.empty();
        } finally {
            kit.starts().release();
        }
    }

    /** Whether the UID is from the manifest; one of ours is of no other name. */
    private static boolean isGiven(DesiredPod desired) {
        String hash = desired.pod().metadata().annotations().get(Names.CONFIG_HASH);
        return hash != null && !hash.equals(desired.uid());
    }

    private void begins(Step.RunSandbox step) {
        if (step.attempt() > 0) {
            events.normal(kit.now(), "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
        } else if (!scheduled.equals(step.desired().uid())) {
            scheduled = step.desired().uid();
            events.detail(kit.now(), "Scheduled", "Successfully assigned " + name + " to " + kit.node().name());
        }
    }

    private void podTrouble(String reason, String message) {
        troubles.failed(Troubles.POD, reason, message, kit.settings().retry(), kit.now());
        events.warning(kit.now(), reason, message);
    }

    private void startContainer(Step.StartContainer step, ContainerRuntime runtime) throws InterruptedException {
        Container container = step.container();
        switch (kit.images().get(wish(step.desired(), container, runtime))) {
            case Images.Answer.Coming(String progress) -> {
                if (pulls(container)) {
                    tellMissing(PullSecrets.of(step.desired().pod(), objects()).missing());
                }
                troubles.put(container.name(), new Trouble.Pulling(progress));
            }
            case Images.Answer.Away(RuntimeUnreachable why) -> throw why;
            case Images.Answer.Failed(String reason, String message) -> {
                pulling.remove(ticket(container));
                tellMissing(PullSecrets.of(step.desired().pod(), objects()).missing());
                boolean pulled = reason.equals("ErrImagePull");
                events.warning(kit.now(), pulled ? "Failed" : reason,
                        pulled ? "Failed to pull image \"" + container.image() + "\": " + message : message);
                boolean again = reason.equals("ErrImagePull") && troubles.failures(container.name()) > 0;
                if (again) {
                    events.detail(kit.now(), "BackOff", "Back-off pulling image \"" + container.image() + "\"");
                }
                events.repeatedWarning(kit.now(), "Failed", "Error: " + (again ? "ImagePullBackOff" : reason));
                troubles.failed(container.name(), again ? "ImagePullBackOff" : reason,
                        again ? "Back-off pulling image \"" + container.image() + "\": " + message : message,
                        kit.settings().pullBackoff(), kit.now());
            }
            case Images.Answer.Present(Image image, boolean pulled) -> {
                if (pulled) {
                    pulls(container); // it may have come before it was asked for
                    pulling.remove(ticket(container));
                    events.normal(kit.now(), "Pulled", "Successfully pulled image \"" + container.image() + "\"");
                } else {
                    events.detail(kit.now(), "Pulled", "Container image \"" + container.image() + "\" already present on machine");
                }
                create(step, image, runtime);
            }
        }
    }

    private Map<ConfigObject.Key, ConfigObject> objects() {
        return owner.desired().objects();
    }

    private Images.Wish wish(DesiredPod desired, Container container, ContainerRuntime runtime) {
        return new Images.Wish(runtime, container, ticket(container), PullSecrets.of(desired.pod(), objects()).found(), wake);
    }

    private void tellMissing(List<String> secrets) {
        if (!secrets.isEmpty()) {
            events.warning(kit.now(), "FailedToRetrieveImagePullSecret", "Unable to retrieve some image pull secrets ("
                    + String.join(", ", secrets) + "); attempting to pull the image may not succeed.");
        }
    }

    /** @return whether it is news */
    private boolean pulls(Container container) {
        boolean news = pulling.add(ticket(container));
        if (news) {
            events.normal(kit.now(), "Pulling", "Pulling image \"" + container.image() + "\"");
        }
        return news;
    }

    private void create(Step.StartContainer step, Image image, ContainerRuntime runtime) throws InterruptedException {
        Container container = step.container();
        Optional<String> problem = Confinement.problem(step.desired().pod(), container, image, kit.policy());
        if (problem.isPresent()) {
            failed(container.name(), "CreateContainerConfigError", problem.get());
            return;
        }
        Specs specs = Specs.of(kit.node(), step.desired());
        kit.starts().acquire(Order.priority(step.desired().pod().spec()));
        try {
            List<String> ips = step.desired().pod().spec().hostNetwork() ? List.of(kit.node().ip())
                    : step.sandbox().ips();
            Volumes volumes = volumes(specs, ips);
            ContainerConfig config = ContainerConfig.of(container, volumes, volumes.prepare());
            files(step, specs, ips);
            ContainerId id = runtime.create(step.sandbox().id(),
                    specs.sandbox(step.sandbox().attempt(), step.sandbox().annotations().getOrDefault(Specs.HANDLER, ""),
                            kit.cgroups().parent(specs.directory()), kit.policy()),
                    specs.container(container, step.attempt(), step.delay(), image, config, kit.policy()));
            events.detail(kit.now(), "Created", "Created container: " + container.name());
            start(id, step.desired(), container.name(), step.attempt(), runtime);
        } catch (Unresolved e) {
            failed(container.name(), "CreateContainerConfigError", String.valueOf(e.getMessage()));
        } catch (RuntimeRefused | IOException e) {
            failed(container.name(), "CreateContainerError", String.valueOf(e.getMessage()));
        } finally {
            kit.starts().release();
        }
    }

    private Volumes volumes(Specs specs, List<String> ips) {
        return new Volumes(new PodFields(specs.desired().pod(), kit.node(), ips), specs.directory(),
                new ConfigObjects(name.namespace(), objects()));
    }

    private static void files(Step.StartContainer step, Specs specs, List<String> ips) throws IOException {
        PodDirectory directory = specs.directory();
        PodFiles.hosts(step.desired().pod(), ips.isEmpty() ? "" : ips.getFirst(), directory.hosts());
        PodFiles.terminationMessage(directory.terminationMessage(step.container().name(), step.attempt()));
        Files.createDirectories(directory.logs().resolve(step.container().name()));
    }

    private void start(ContainerId id, DesiredPod desired, String container, int attempt, ContainerRuntime runtime)
            throws InterruptedException {
        try {
            runtime.start(id);
            troubles.cleared(container);
            events.normal(kit.now(), "Started", "Started container " + container);
            linkLog(PodDirectory.of(kit.node(), desired.name(), desired.uid()), container, attempt, id);
        } catch (RuntimeRefused e) {
            failed(container, "RunContainerError", String.valueOf(e.getMessage()));
        }
    }

    private void failed(String container, String reason, String message) {
        events.warning(kit.now(), "Failed", "Error: " + message);
        troubles.failed(container, reason, message, kit.settings().retry(), kit.now());
    }

    /** Log collectors look into one directory for all containers (behaviour G2); a pod runs without the link too. */
    private void linkLog(PodDirectory directory, String container, int attempt, ContainerId id) {
        Path link = directory.logLink(name, container, id.value());
        try {
            Files.createDirectories(link.getParent());
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, directory.logs().resolve(PodDirectory.log(container, attempt)));
        } catch (IOException e) {
            events.warning(kit.now(), "FailedLogLink", "no link to the log of container " + container + ": " + e.getMessage());
        }
    }

    /** What the pod has on the node beside the runtime. */
    void removeData(String uid) throws InterruptedException {
        PodDirectory directory = PodDirectory.of(kit.node(), name, uid);
        try {
            if (owner.otherUser(uid, name).isEmpty()) {
                kit.cgroups().remove(directory.root());
                Mounts.delete(directory.root());
            }
            Mounts.delete(directory.logs());
            removeLinks(directory);
        } catch (IOException e) {
            throw new RuntimeRefused("cannot remove what pod " + name + " left: " + e.getMessage(), e);
        }
    }

    private static void removeLinks(PodDirectory directory) throws IOException {
        if (Files.isDirectory(directory.logLinks())) {
            try (var links = Files.newDirectoryStream(directory.logLinks(), "*.log")) {
                for (Path link : links) {
                    if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).startsWith(directory.logs())) {
                        Files.deleteIfExists(link);
                    }
                }
            }
        }
    }

    /** Names a container of this pod and its image in {@link Images}. */
    String ticket(Container container) {
        return name + "/" + container.name() + "=" + container.image();
    }

    /** Gives up the images that were wanted for any but these containers. */
    void forgetImages(List<Container> butOf) {
        kit.images().keepOnly(butOf.stream().map(this::ticket).collect(Collectors.toSet()), name + "/");
    }
}

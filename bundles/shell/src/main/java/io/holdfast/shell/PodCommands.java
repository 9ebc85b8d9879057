package io.holdfast.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import io.holdfast.config.Nearest;
import io.holdfast.kit.log.ContainerLog;
import io.holdfast.kit.log.ContainerLog.Place;
import io.holdfast.kit.log.LogOptions;
import io.holdfast.kit.log.PodLogs;
import io.holdfast.status.PodGates;
import io.holdfast.status.PodRuntimes;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodView;

/** {@code pod:list}, {@code pod:describe}, {@code pod:logs}, {@code pod:move}, {@code pod:condition}. */
@Component(service = PodCommands.class, property = {"osgi.command.scope=pod", "osgi.command.function=list",
        "osgi.command.function=describe", "osgi.command.function=logs", "osgi.command.function=move",
        "osgi.command.function=condition"})
public final class PodCommands {

    private final Agent agent;
    private final InstantSource clock = InstantSource.system();

    @Activate
    public PodCommands(@Reference Agent agent) {
        this.agent = agent;
    }

    @Descriptor("lists the pods of this node")
    public String list(
            @Descriptor("only this namespace") @Parameter(names = {"-n", "--namespace"}, absentValue = "") String in,
            @Descriptor("json or wide") @Parameter(names = {"-o", "--output"}, absentValue = "") String output,
            String... rest) {
        Arguments arguments = new Arguments("pod:list", "pod:list [-n NAMESPACE] [-o json|wide]");
        arguments.none(rest);
        boolean json = arguments.json(output);
        List<PodView> all = agent.statuses("pod:list").current().pods();
        List<PodView> pods = all.stream().filter(pod -> in.isEmpty() || pod.name().namespace().equals(in)).toList();
        if (json) {
            return PodJson.list(pods);
        } else if (pods.isEmpty()) {
            return "No pods" + (in.isEmpty() ? " on this node." : " in namespace " + in + ".") + "\n";
        }
        return PodTable.of(pods, output.equals("wide"), clock.instant());
    }

    @Descriptor("shows everything there is to know of one pod")
    public String describe(
            @Descriptor("json") @Parameter(names = {"-o", "--output"}, absentValue = "") String output,
            @Descriptor("the pod's name, with or without its namespace/ and -node") String... name) {
        Arguments arguments = new Arguments("pod:describe", "pod:describe NAME [-o json]");
        String wanted = arguments.one("pod", name);
        boolean json = arguments.json(output);
        PodView pod = find("pod:describe", wanted);
        return json ? PodJson.one(pod) : PodDescription.of(pod, agent.publications(), clock.instant());
    }

    @Descriptor("prints what a container has written")
    public void logs(CommandSession session,
            @Descriptor("the container") @Parameter(names = {"-c", "--container"}, absentValue = "") String container,
            @Descriptor("go on until interrupted") @Parameter(names = {"-f",
                    "--follow"}, presentValue = "true", absentValue = "false") boolean follow,
            @Descriptor("of the container before this one") @Parameter(names = {"-p",
                    "--previous"}, presentValue = "true", absentValue = "false") boolean previous,
            @Descriptor("only so many lines from the end") @Parameter(names = "--tail", absentValue = "-1") String tail,
            @Descriptor("only what is not older than 30s, 10m or 2h") @Parameter(names = "--since", absentValue = "") String since,
            @Descriptor("each line with its time") @Parameter(names = "--timestamps", presentValue = "true", absentValue = "false") boolean timestamps,
            @Descriptor("the pod's name, with or without its namespace/ and -node") String... name)
            throws IOException, InterruptedException {
        Arguments arguments = new Arguments("pod:logs",
                "pod:logs NAME [-c CONTAINER] [-f] [-p] [--tail NUMBER] [--since AGE] [--timestamps]");
        PodView pod = find("pod:logs", arguments.one("pod", name));
        ContainerLog log = ContainerLog.of(pod, container(pod, container)).orElseThrow();
        LogOptions options = LogOptions.ALL.tail(arguments.number("--tail", tail)).timestamps(timestamps)
                .since(since.isEmpty() ? Instant.MIN : clock.instant().minus(arguments.age("--since", since)));
        Path file = logFile(log, previous);
        OutputStream out = System.out; // Gogo's: the session's own, or the pipe's
        if (follow && !previous) {
            PodLogs.follow(() -> log.next(agent.statuses), file, options, out);
        } else {
            PodLogs.print(file, options, out);
        }
    }

    @Descriptor("has a pod run on another container runtime from now on")
    public String move(@Descriptor("the pod's name, and the runtime's as runtime:list has it") String... names) {
        Arguments.Two words = new Arguments("pod:move", "pod:move NAME RUNTIME").two("pod, and where to", names);
        PodRuntimes runtimes = agent.podRuntimes("pod:move");
        PodView pod = find("pod:move", words.first());
        try {
            runtimes.move(pod.name(), words.second());
        } catch (IllegalArgumentException e) {
            throw new CommandFailed("pod:move", String.valueOf(e.getMessage()));
        }
        return pod.runtime().equals(words.second())
                ? pod.name() + " stays on " + words.second() + "\n"
                : pod.name() + " moves to " + words.second() + " as soon as its images are there; see pod:describe "
                        + pod.name().name() + "\n";
    }

    @Descriptor("says whether a condition holds that the readiness of a pod waits for (its readinessGates)")
    public String condition(
            @Descriptor("the pod's name, the condition's type, true or false, and perhaps a reason and a message") String... words)
            throws IOException {
        Arguments arguments = new Arguments("pod:condition", "pod:condition NAME TYPE true|false [REASON [MESSAGE]]");
        List<String> given = arguments.between(3, 5, "pod, which condition, and is it true or false", words);
        PodGates gates = agent.podGates("pod:condition");
        PodView pod = find("pod:condition", given.getFirst());
        boolean holds = arguments.truth(given.get(2));
        try {
            gates.set(pod.name(), given.get(1), holds, given.size() > 3 ? given.get(3) : "", given.size() > 4 ? given.get(4) : "");
        } catch (IllegalArgumentException e) {
            throw new CommandFailed("pod:condition", String.valueOf(e.getMessage()));
        }
        return given.get(1) + " of " + pod.name() + " is " + holds + " from now on\n";
    }

    private PodView find(String command, String wanted) {
        return new PodFinder(command, agent.statuses(command).current().pods()).find(wanted);
    }

    private static String container(PodView pod, String wanted) {
        List<String> names = ContainerLog.containers(pod).map(ContainerStatus::name).toList();
        if (names.isEmpty()) {
            throw new CommandFailed("pod:logs", pod.name() + " has no container yet");
        } else if (wanted.isEmpty()) {
            return pod.status().containerStatuses().stream().map(ContainerStatus::name).findFirst()
                    .orElse(names.getFirst());
        } else if (!names.contains(wanted)) {
            throw new CommandFailed("pod:logs", "no container named '" + wanted + "' in " + pod.name()
                    + (Nearest.to(wanted, names).isPresent()
                            ? Nearest.hint(wanted, names)
                            : "; there are " + names.stream().collect(Collectors.joining(", "))));
        }
        return wanted;
    }

    private static Path logFile(ContainerLog log, boolean previous) {
        String container = "container " + log.status().name() + " of " + log.pod().name();
        Path file = switch (log.place(previous)) {
            case Place.Found(Path found) -> found;
            case Place.NoPrevious() ->
                throw new CommandFailed("pod:logs", "there is no log of an earlier " + container);
            case Place.NotStarted _ -> throw new CommandFailed("pod:logs", container
                    + " has not started, so it has no log; see pod:describe " + log.pod().name().name());
        };
        if (!Files.exists(file)) {
            throw new CommandFailed("pod:logs", "the log file " + file + " is not there");
        }
        return file;
    }
}

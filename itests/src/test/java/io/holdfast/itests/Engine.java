package io.holdfast.itests;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A container engine, asked and troubled without the agent: what the tests need of it, whichever it is. */
public interface Engine extends AutoCloseable {

    /**
     * @param pod with the node's name, as all names here
     * @param annotations what the engine keeps of what the agent has to remember, besides the labels
     */
    record Sandbox(String id, String pod, String uid, Map<String, String> labels, Map<String, String> annotations) {
    }

    /** @param attempt as the engine's own name for it says */
    record Container(String id, String pod, int attempt, boolean running, Map<String, String> labels,
            Map<String, String> annotations) {
    }

    /** The engine that this run of the tests is about: the build says which, and where it listens. */
    static Engine open() {
        Path socket = Path.of(Agent.property("holdfast.test.socket"));
        String runtime = Agent.property("holdfast.test.runtime");
        return switch (runtime) {
            case "cri" -> new CriEngine(socket);
            case "docker" -> new DockerEngine(socket);
            default -> throw new IllegalStateException("holdfast.test.runtime: cri or docker, not " + runtime);
        };
    }

    /** As in {@code runtime:list}. */
    String runtime();

    Path socket();

    /** The bundle that speaks to it; also the name of its configuration. */
    default String bundle() {
        return "io.holdfast.runtime." + runtime();
    }

    /** Dead ones too, and everybody's. */
    List<Sandbox> sandboxes();

    /** Dead ones too; sandboxes are none. */
    List<Container> containers();

    /** Names of all images. */
    List<String> images();

    default List<Sandbox> sandboxes(String pod) {
        return sandboxes().stream().filter(s -> s.pod().equals(pod)).toList();
    }

    default List<Container> containers(String pod) {
        return containers().stream().filter(c -> c.pod().equals(pod)).toList();
    }

    default List<Container> running() {
        return containers().stream().filter(Container::running).toList();
    }

    default List<Container> running(String pod) {
        return running().stream().filter(c -> c.pod().equals(pod)).toList();
    }

    /** Runs a command in a container to its end; what it printed, errors too. */
    String exec(String container, String... command);

    /** Kills a container's processes, as a crash does. */
    void kill(String container);

    /** Removes every pod, whoever made it: after a test, or as a reboot does. */
    void sweep();

    /** Runs a sandbox that looks like a pod's on this node, but is not Holdfast's; its id. */
    String runForeign(String pod);

    @Override
    void close();
}

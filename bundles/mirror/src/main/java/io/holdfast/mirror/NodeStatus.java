package io.holdfast.mirror;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code status} of this node's Node (behaviour M2). */
final class NodeStatus {

    /** The kubelet whose behaviour this agent follows: programs read a version here and compare it with the server's. */
    private static final String KUBELET = "v1.36.0+holdfast.";

    /** Nothing here counts pods; a figure is expected all the same. */
    private static final String PODS = "250";
    /** The kubelet's own limits: KiB, hundredths, hundredths. */
    private static final long LEAST_MEMORY = 100 * 1024;
    private static final int LEAST_STORAGE = 10;
    private static final int MOST_TASKS = 90;

    private final Machine machine;
    private final String name;
    private final String ip;
    private final String version;

    /** @param version of this agent */
    NodeStatus(Machine machine, String name, String ip, String version) {
        this.machine = machine;
        this.name = name;
        this.ip = ip;
        this.version = version;
    }

    /** Without {@link #stamp}: two of these are equal when there is nothing new to say. */
    ObjectNode now(Engine engine, OptionalInt port) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        ArrayNode addresses = status.putArray("addresses");
        addresses.addObject().put("type", "InternalIP").put("address", ip);
        addresses.addObject().put("type", "Hostname").put("address", name);
        resources(status.putObject("capacity"));
        resources(status.putObject("allocatable"));
        conditions(status.putArray("conditions"), engine);
        status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", port.orElse(0));
        info(status.putObject("nodeInfo"), engine);
        return status;
    }

    /** Gives conditions their times: what says the same as {@code before} has said so since then. */
    static ObjectNode stamp(ObjectNode status, JsonNode before, Instant now) {
        ObjectNode stamped = status.deepCopy();
        for (JsonNode each : stamped.path("conditions")) {
            ObjectNode condition = (ObjectNode) each;
            String since = condition(before.path("conditions"), condition.path("type").asText())
                    .filter(old -> old.path("status").equals(condition.path("status")))
                    .map(old -> old.path("lastTransitionTime").asText()).orElse(Times.seconds(now));
            condition.put("lastHeartbeatTime", Times.seconds(now)).put("lastTransitionTime", since);
        }
        return stamped;
    }

    static Optional<JsonNode> condition(JsonNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (condition.path("type").asText().equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    private void resources(ObjectNode to) {
        to.put("cpu", Long.toString(machine.cpus())).put("memory", machine.memory() + "Ki")
                .put("ephemeral-storage", machine.storage() + "Ki").put("pods", PODS);
    }

    private void conditions(ArrayNode to, Engine engine) {
        condition(to, "MemoryPressure", machine.availableMemory() < LEAST_MEMORY, "KubeletHasInsufficientMemory",
                "KubeletHasSufficientMemory", "less than 100 MiB of memory are available", "there is memory available");
        condition(to, "DiskPressure", machine.availableStorage() * 100 < machine.storage() * LEAST_STORAGE,
                "KubeletHasDiskPressure", "KubeletHasNoDiskPressure", "less than a tenth of the disk is free",
                "there is free space on the disk");
        condition(to, "PIDPressure", machine.tasks() > machine.mostTasks() / 100 * MOST_TASKS,
                "KubeletHasInsufficientPID", "KubeletHasSufficientPID", "few process ids are left",
                "there are process ids left");
        condition(to, "Ready", engine.trouble().isEmpty(), "KubeletReady", "KubeletNotReady",
                "Holdfast runs static pods here", engine.trouble().orElse(""));
    }

    private static void condition(ArrayNode to, String type, boolean is, String reason, String reasonIfNot,
            String message, String messageIfNot) {
        to.addObject().put("type", type).put("status", is ? "True" : "False")
                .put("reason", is ? reason : reasonIfNot).put("message", is ? message : messageIfNot);
    }

    private void info(ObjectNode to, Engine engine) {
        to.put("machineID", machine.machineId()).put("systemUUID", machine.systemUuid())
                .put("bootID", machine.bootId()).put("kernelVersion", machine.kernel())
                .put("osImage", machine.osImage()).put("containerRuntimeVersion", engine.version())
                .put("kubeletVersion", KUBELET + version)
                .put("kubeProxyVersion", "").put("operatingSystem", "linux") // deprecated, and still required
                .put("architecture", Machine.architecture(System.getProperty("os.arch")));
    }
}

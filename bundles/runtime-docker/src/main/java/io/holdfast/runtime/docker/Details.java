package io.holdfast.runtime.docker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.holdfast.runtime.ObservedPod.State;

/**
 * What Docker's lists lack, for one container in one status.
 *
 * @param status such as {@code running}, in the lists' words
 * @param ips of its own network
 */
record Details(String status, Instant createdAt, State state, List<String> ips) {

    private static final int KILLED = 137;
    private static final String CREATED = "created";

    static Details of(Json inspected) {
        String status = inspected.at("State", "Status").text();
        Instant created = Instant.parse(inspected.at("Created").text());
        return new Details(status, created, state(status, created, inspected.at("State")), ips(inspected));
    }

    private static State state(String status, Instant created, Json state) {
        return switch (status) {
            case CREATED -> state.at("Error").text().isEmpty() ? new State.Created() : exited(created, state);
            case "running", "paused", "restarting" -> new State.Running(time(state.at("StartedAt"), created));
            case "exited", "dead", "removing" -> exited(created, state);
            default -> new State.Unknown();
        };
    }

    private static State.Exited exited(Instant created, Json state) {
        Instant started = time(state.at("StartedAt"), created);
        Instant finished = time(state.at("FinishedAt"), started);
        String error = Errors.withoutWrapping(state.at("Error").text());
        int code = (int) state.at("ExitCode").number();
        return new State.Exited(code, reason(code, state), error, started,
                finished.isBefore(started) ? started : finished);
    }

    private static String reason(int code, Json state) {
        if (state.at("OOMKilled").flag()) {
            return "OOMKilled";
        }
        if (!state.at("Error").text().isEmpty() && state.at("Status").text().equals(CREATED)) {
            return "StartError";
        }
        return code == 0 ? "Completed" : "Error";
    }

    /** The year 1 is how Docker says never. */
    private static Instant time(Json said, Instant otherwise) {
        Instant time = said.text().isEmpty() ? Instant.MIN : Instant.parse(said.text());
        return time.isBefore(Instant.EPOCH) ? otherwise : time;
    }

    private static List<String> ips(Json inspected) {
        List<String> ips = new ArrayList<>();
        for (Json network : inspected.at("NetworkSettings", "Networks").fields().values()) {
            ips.add(network.at("IPAddress").text());
            ips.add(network.at("GlobalIPv6Address").text());
        }
        ips.removeIf(String::isEmpty);
        return List.copyOf(ips);
    }

    boolean runs() {
        return state instanceof State.Running;
    }

    /** Of a killed container Docker may learn a moment later only that memory was the reason. */
    boolean isFinal() {
        return !(state instanceof State.Exited e) || e.exitCode() != KILLED || e.reason().equals("OOMKilled")
                || e.finishedAt().isBefore(Instant.now().minusSeconds(1));
    }
}

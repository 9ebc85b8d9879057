package io.holdfast.runtime.cri;

import java.nio.file.Files;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.grpc.Status;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;

/** Says what a failed call means: the engine does not answer, or it answers no. */
final class Errors {

    private static final Pattern WRAPPING = Pattern.compile("rpc error: code = \\w+ desc = ");
    /** containerd accepts calls before its CRI part is up. */
    private static final String STARTING = "server is not initialized yet";

    /** How containerd says it where it has no code for it. */
    private static final Pattern TIMED_OUT = Pattern.compile("timeout \\S+ exceeded");

    /** An engine with CRI that lacks one call; without CRI it says {@code unknown service}. */
    private static final String METHOD_MISSING = "unknown method";

    /** Calls that bring things from elsewhere: when those are slow, the engine says it in the words of a lost call. */
    private static final Set<String> FETCHING = Set.of("PullImage", "RunPodSandbox");
    private static final Set<Status.Code> SLOW = Set.of(Status.Code.DEADLINE_EXCEEDED, Status.Code.CANCELLED);

    private Errors() {
    }

    static boolean isNotFound(Throwable error) {
        return Status.fromThrowable(error).getCode() == Status.Code.NOT_FOUND;
    }

    static boolean isUnimplemented(Throwable error) {
        return Status.fromThrowable(error).getCode() == Status.Code.UNIMPLEMENTED;
    }

    /** What was to be run took too long: the engine has ended it, or waits for what it has left behind. */
    static boolean isTimeout(Throwable error) {
        Status status = Status.fromThrowable(error);
        return status.getCode() == Status.Code.DEADLINE_EXCEEDED
                || (status.getDescription() != null && TIMED_OUT.matcher(status.getDescription()).find());
    }

    /** @param call such as {@code RunPodSandbox} */
    static RuntimeException of(Throwable error, String call, Endpoint endpoint) {
        Status status = Status.fromThrowable(error);
        String reason = status.getDescription() == null ? status.getCode().name()
                : WRAPPING.matcher(status.getDescription()).replaceAll("");
        if (FETCHING.contains(call) && SLOW.contains(status.getCode())) {
            return new RuntimeRefused(reason, error);
        }
        return switch (status.getCode()) {
            case UNAVAILABLE, CANCELLED -> unreachable(endpoint, why(status, reason, endpoint), error);
            case DEADLINE_EXCEEDED ->
                unreachable(endpoint, "no answer to " + call + " in time (" + reason + ")", error);
            case UNIMPLEMENTED -> reason.contains(METHOD_MISSING) ? new RuntimeRefused(reason, error)
                    : unreachable(endpoint, "it does not speak CRI v1 (" + reason
                            + "); is the engine's cri plugin disabled?", error);
            case OK, UNKNOWN, INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED, RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION, ABORTED, OUT_OF_RANGE, INTERNAL, DATA_LOSS, UNAUTHENTICATED ->
                reason.contains(STARTING) ? unreachable(endpoint, reason, error) : new RuntimeRefused(reason, error);
        };
    }

    private static RuntimeUnreachable unreachable(Endpoint endpoint, String why, Throwable cause) {
        return new RuntimeUnreachable("cannot reach the container engine at " + endpoint + ": " + why, cause);
    }

    /** The innermost reason, in words. */
    private static String why(Status status, String reason, Endpoint endpoint) {
        if (!Files.exists(endpoint.socket())) {
            return "no such socket";
        }
        Throwable deepest = status.getCause();
        while (deepest != null && deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String inner = deepest == null || deepest.getMessage() == null ? reason : deepest.getMessage();
        for (String known : new String[] { "Connection refused", "Permission denied", "Protocol wrong type" }) {
            if (inner.contains(known)) {
                return known.toLowerCase(Locale.ROOT);
            }
        }
        return inner.equals(reason) ? reason : reason + " (" + inner + ")";
    }
}

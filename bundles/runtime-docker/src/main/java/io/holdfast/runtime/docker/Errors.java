package io.holdfast.runtime.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonProcessingException;

import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;

/** Says what a failed call means: the Engine does not answer, or it answers no. */
final class Errors {

    /** The layers that a reason comes through, each of which adds its name. */
    private static final Pattern WRAPPING = Pattern.compile("OCI runtime (?:create|exec) failed: |runc create failed: |exec failed: "
            + "|\\w+\\.go:\\d+: |starting container process caused: |unable to start container process: "
            + "|error during container init: |failed to create shim(?: task)?: |failed to create task for container: "
            + "|rpc error: code = \\w+ desc = |: unknown$");
    /** Docker has lost its containerd, or is just ending. */
    private static final Pattern NOT_NOW = Pattern.compile("error while dialing|transport is closing"
            + "|client connection is closing|containerd\\.sock|context canceled|daemon is shutting down",
            Pattern.CASE_INSENSITIVE);
    private static final String DENIED = "Permission denied";

    private Errors() {
    }

    static String withoutWrapping(String message) {
        return WRAPPING.matcher(message).replaceAll("");
    }

    static RuntimeException refused(Endpoint endpoint, String message) {
        String reason = withoutWrapping(message);
        return NOT_NOW.matcher(reason).find() ? unreachable(endpoint, reason, null) : new RuntimeRefused(reason, null);
    }

    static RuntimeUnreachable unreachable(Endpoint endpoint, String why, @Nullable Throwable cause) {
        return new RuntimeUnreachable("cannot reach Docker at " + endpoint + ": " + why, cause);
    }

    static RuntimeUnreachable unreachable(Endpoint endpoint, Exception error) {
        return unreachable(endpoint, why(endpoint.socket(), error), error);
    }

    /** The innermost reason, in words. */
    private static String why(Path socket, Exception error) {
        if (Files.notExists(socket)) {
            return "no such socket";
        }
        List<Throwable> chain = Stream.<Throwable>iterate(error, e -> e != null, Throwable::getCause).toList();
        if (chain.stream().anyMatch(JsonProcessingException.class::isInstance)) {
            return "it does not speak Docker's API (" + error.getMessage() + ")";
        }
        Throwable deepest = chain.getLast();
        String inner = String.valueOf(deepest.getMessage());
        if (inner.contains(DENIED)) {
            return denied(socket);
        }
        return inner.contains("Connection refused") ? "connection refused"
                : deepest instanceof IOException && deepest.getMessage() != null ? inner : deepest.toString();
    }

    private static String denied(Path socket) {
        String user = System.getProperty("user.name");
        try {
            PosixFileAttributes is = Files.readAttributes(socket, PosixFileAttributes.class);
            return String.format(Locale.ROOT, "permission denied: the socket belongs to user %s and group %s (%s), and "
                    + "this runs as %s, who is to be put into that group", is.owner().getName(), is.group().getName(),
                    PosixFilePermissions.toString(is.permissions()), user);
        } catch (IOException e) {
            return "permission denied to user " + user;
        }
    }
}

package io.holdfast.shell;

import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

import org.apache.felix.gogo.runtime.CommandNotFoundException;

import io.holdfast.config.Nearest;

/** What a person is told when a command fails: one line. */
final class ErrorText {

    private ErrorText() {
    }

    /**
     * @param line what was typed
     * @param commands those there are, with their scopes
     */
    static String of(Exception failure, String line, Collection<String> commands) {
        String message = Optional.ofNullable(failure.getMessage()).orElse("").strip();
        return switch (failure) {
            case CommandFailed _ -> message;
            case CommandNotFoundException e -> unknown(e.getCommand(), commands);
            case InterruptedException _ -> "interrupted";
            case IllegalArgumentException _ when message.startsWith("Cannot coerce") -> {
                String command = line.strip().split("\\s", 2)[0];
                yield command + ": these arguments do not fit; see: help " + command;
            }
            default -> failure.getClass().getSimpleName() + (message.isEmpty() ? "" : ": " + message);
        };
    }

    private static String unknown(String typed, Collection<String> commands) {
        TreeSet<String> names = new TreeSet<>(commands);
        if (!typed.contains(":")) {
            commands.forEach(name -> names.add(name.substring(name.indexOf(':') + 1)));
        }
        return "no such command: " + typed + Nearest.to(typed, names).map(name -> "; did you mean " + name + "?")
                .orElse("; see: help");
    }
}

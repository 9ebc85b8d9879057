package io.holdfast.kit.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

import io.holdfast.kit.process.Output;
import io.holdfast.runtime.PullAuth;

/**
 * A program that knows credentials: {@code docker-credential-NAME get} reads the registry's name and prints JSON.
 *
 * @param server that it is asked for
 */
record CredentialHelper(String program, String server) {

    /** What Docker Hub is called there; the first is what a program is asked for. */
    static final List<String> HUB = List.of("https://index.docker.io/v1/", "index.docker.io", ImageName.HUB);

    private static final Duration PATIENCE = Duration.ofSeconds(30); // some ask a cloud, over slow lines
    private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*");
    /** In words that all programs share, as they are made with one library. */
    private static final String NOT_FOUND = "credentials not found";
    private static final String TOKEN = "<token>";

    static CredentialHelper named(String name, String server) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IOException("'" + name + "' is not the name of a credential helper");
        }
        return new CredentialHelper("docker-credential-" + name, server);
    }

    /**
     * Empty when it knows none.
     *
     * @throws IOException with what went wrong
     */
    Optional<PullAuth> ask() throws IOException, InterruptedException {
        Output output;
        try {
            output = Output.of(new ProcessBuilder(program, "get"), server + "\n", PATIENCE);
        } catch (IOException _) {
            throw new IOException("cannot run " + program + ": is it installed, and in the PATH of the agent?");
        }
        if (output.isLate()) {
            throw new IOException(program + " did not end within " + PATIENCE.toSeconds() + " s");
        }
        if (output.exitCode() != 0) {
            if (output.text().contains(NOT_FOUND) || output.errors().contains(NOT_FOUND)) {
                return Optional.empty();
            }
            throw new IOException(program + " ended with exit code " + output.exitCode() + output.complaint());
        }
        return Optional.of(auth(output.text()));
    }

    private PullAuth auth(String printed) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser in = DockerConfig.JSON.createParser(printed)) {
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                if (token == JsonToken.VALUE_STRING && in.currentName() != null) {
                    fields.put(in.currentName(), in.getText());
                }
            }
        } catch (JsonProcessingException _) { // its own words quote
            throw new IOException(program + " did not print JSON");
        }
        String user = fields.getOrDefault("Username", "");
        if (user.isEmpty() || !fields.containsKey("Secret")) {
            throw new IOException(program + " printed no Username and Secret");
        }
        if (user.equals(TOKEN)) {
            throw new IOException(program + " has an identity token, which is not supported, for " + server
                    + "; log in with a user and a password");
        }
        return new PullAuth(user, fields.getOrDefault("Secret", ""));
    }
}

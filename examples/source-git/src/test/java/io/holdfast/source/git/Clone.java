package io.holdfast.source.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A bare repository and somebody's clone of it, made and changed by the real git. */
record Clone(Path bare, Path work) {

    static Clone in(Path temp) throws Exception {
        Clone clone = new Clone(temp.resolve("pods.git"), temp.resolve("work"));
        clone.git(temp, "init", "-q", "--bare", "-b", "main", clone.bare().toString());
        clone.git(temp, "clone", "-q", clone.bare().toString(), clone.work().toString());
        clone.git("checkout", "-q", "-B", "main");
        clone.git("commit", "-q", "--allow-empty", "-m", "begin");
        clone.push();
        return clone;
    }

    /** Writes without committing. */
    Clone write(String name, String content) throws IOException {
        Path file = work.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    void put(String name, String content) throws Exception {
        write(name, content).commit();
    }

    void remove(String name) throws Exception {
        Files.delete(work.resolve(name));
        commit();
    }

    /** Commits and pushes all that has changed. */
    void commit() throws Exception {
        git("add", "-A");
        git("commit", "-q", "-m", "change");
        push();
    }

    void push() throws Exception {
        git("push", "-q", "-f", "origin", "HEAD");
    }

    String git(String... words) throws Exception {
        return git(work, words);
    }

    private String git(Path directory, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.com"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + printed);
        }
        return printed;
    }
}

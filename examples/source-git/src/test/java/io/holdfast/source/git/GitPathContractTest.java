package io.holdfast.source.git;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.source.ManifestSource;
import io.holdfast.testkit.ManifestSourceContract;

/** The top of a repository on this machine, pushed to by the real git. */
final class GitPathContractTest extends ManifestSourceContract {

    @TempDir
    Path temp;

    private Clone clone;
    private JGit git;
    private GitSource source;

    @BeforeEach
    void begin() throws Exception {
        clone = Clone.in(temp);
        git = new JGit(temp.resolve("private"));
        source = Sources.source(git, Map.of("repository", clone.bare().toString()));
    }

    @AfterEach
    void end() throws Exception {
        git.close();
    }

    @Override
    protected ManifestSource source() {
        return source;
    }

    @Override
    protected void put(String name, String content) throws Exception {
        clone.put(name, content);
    }

    @Override
    protected void remove(String name) throws Exception {
        clone.remove(name);
    }

    @Override
    protected void breakSource() throws Exception {
        Files.move(clone.bare(), temp.resolve("elsewhere"));
    }

    @Override
    protected void repairSource() throws Exception {
        Files.move(temp.resolve("elsewhere"), clone.bare());
    }
}

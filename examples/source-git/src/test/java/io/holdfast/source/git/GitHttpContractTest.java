package io.holdfast.source.git;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.source.ManifestSource;
import io.holdfast.testkit.ManifestSourceContract;

/** A folder on a branch of a repository that JGit commits to, over smart HTTP. */
final class GitHttpContractTest extends ManifestSourceContract {

    @TempDir
    Path temp;

    private Path repository;
    private Server server;
    private JGit git;
    private GitSource source;

    @BeforeEach
    void begin() throws Exception {
        git = new JGit(temp.resolve("private"));
        repository = temp.resolve("served/pods");
        Git.init().setDirectory(repository.toFile()).setInitialBranch("main").call().close();
        put(".gitkeep", "");
        server = new Server(temp.resolve("served"));
        source = Sources.source(git, Map.of("repository", server.url("pods"), "folder", "node1/", "branch", "main"));
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        git.close();
    }

    @Override
    protected ManifestSource source() {
        return source;
    }

    @Override
    protected void put(String name, String content) throws Exception {
        Path file = repository.resolve("node1").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        commit();
    }

    @Override
    protected void remove(String name) throws Exception {
        Files.delete(repository.resolve("node1").resolve(name));
        commit();
    }

    private void commit() throws Exception {
        try (Git work = Git.open(repository.toFile())) {
            work.add().addFilepattern(".").call();
            work.add().addFilepattern(".").setUpdate(true).call();
            work.commit().setMessage("change").setAuthor("t", "t@example.com").setCommitter("t", "t@example.com").call();
        }
    }

    @Override
    protected void breakSource() throws Exception {
        Files.move(repository, temp.resolve("elsewhere"));
    }

    @Override
    protected void repairSource() throws Exception {
        Files.move(temp.resolve("elsewhere"), repository);
    }
}

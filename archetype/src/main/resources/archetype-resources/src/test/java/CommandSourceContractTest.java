package ${package};

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.source.ManifestSource;
import io.holdfast.testkit.ManifestSourceContract;

/** What the agent expects of every source, asked of a command that prints the files of a directory. */
class CommandSourceContractTest extends ManifestSourceContract {

    @TempDir
    Path temp;

    private Path files;
    private CommandSource source;

    @BeforeEach
    void begin() throws Exception {
        files = Files.createDirectory(temp.resolve("files"));
        source = new CommandSource("cd '" + files + "' && echo --- && for f in *.yaml; do"
                + " if test -f $f; then cat $f; echo; echo ---; fi; done", Duration.ofMillis(50), Duration.ofSeconds(5));
    }

    @Override
    protected ManifestSource source() {
        return source;
    }

    @Override
    protected void put(String name, String content) throws Exception {
        Path next = Files.writeString(temp.resolve("next"), content);
        Files.move(next, files.resolve(name), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    protected void remove(String name) throws Exception {
        Files.delete(files.resolve(name));
    }

    @Override
    protected void breakSource() throws Exception {
        Files.move(files, temp.resolve("elsewhere"));
    }

    @Override
    protected void repairSource() throws Exception {
        Files.move(temp.resolve("elsewhere"), files);
    }
}

package io.holdfast.source.file;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.source.ManifestSource;
import io.holdfast.testkit.ManifestSourceContract;

/** A directory written in place. */
final class FileSourceContractTest extends ManifestSourceContract {

    @TempDir
    Path temp;

    private Folder folder;
    private FileSource source;

    @BeforeEach
    void begin() throws Exception {
        folder = new Folder(Files.createDirectory(temp.resolve("manifests")));
        source = folder.source();
    }

    @Override
    protected ManifestSource source() {
        return source;
    }

    @Override
    protected void put(String name, String content) throws Exception {
        folder.write(name, content);
    }

    @Override
    protected void remove(String name) throws Exception {
        folder.delete(name);
    }

    @Override
    protected void breakSource() throws Exception {
        Files.move(folder.path(), temp.resolve("elsewhere"));
    }

    @Override
    protected void repairSource() throws Exception {
        Files.move(temp.resolve("elsewhere"), folder.path());
    }
}

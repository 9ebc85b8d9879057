package io.holdfast.source.git;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.internal.util.CleanupService;
import org.eclipse.jgit.util.FileUtils;
import org.eclipse.jgit.util.SystemReader;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * What there is once for all sources, from the bundle's start to its stop: the library's statics, and the bundle's own
 * directory, in which a repository exists only while it is read.
 */
@Component(service = JGit.class, immediate = true)
public final class JGit {

    private final Path directory;

    @Activate
    public JGit(BundleContext context) throws IOException {
        this(context.getDataFile("git").toPath());
    }

    JGit(Path directory) throws IOException {
        this.directory = directory;
        SystemReader.setInstance(new NoUserConfig());
        new CleanupService(); // else the JVM's shutdown hooks would keep this bundle's classes for ever
        delete(directory); // what an agent that was killed has left
        Files.createDirectories(directory);
    }

    @Deactivate
    void close() throws IOException {
        Git.shutdown();
        delete(directory);
    }

    Path newDirectory() throws IOException {
        return Files.createTempDirectory(directory, "fetch");
    }

    static void delete(Path tree) throws IOException {
        File file = tree.toFile();
        FileUtils.delete(file, FileUtils.RECURSIVE | FileUtils.RETRY | FileUtils.SKIP_MISSING);
    }
}

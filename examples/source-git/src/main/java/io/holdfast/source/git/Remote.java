package io.holdfast.source.git;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/** The repository as it is now, wherever it is. */
final class Remote {

    private static final String TIP = "refs/heads/tip";

    /** Reads from what was fetched, which is gone afterwards. */
    interface Reader<T> {
        T read(Repository repository, ObjectId commit) throws IOException;
    }

    private interface Call<T> {
        T on(Transport transport) throws IOException;
    }

    private final JGit git;
    private final Settings settings;
    private final String ref;

    Remote(JGit git, Settings settings) {
        this.git = git;
        this.settings = settings;
        this.ref = settings.branch().isEmpty() ? "HEAD" : "refs/heads/" + settings.branch();
    }

    /** The newest commit of the branch; one question to the server. */
    ObjectId commit() throws IOException {
        Optional<File> here = here();
        return here.isPresent() ? open(here.get(), (_, commit) -> commit) : call(null, transport -> {
            try (FetchConnection connection = transport.openFetch(List.of(new RefSpec(ref)))) {
                return commit(connection.getRef(ref));
            }
        });
    }

    private ObjectId commit(@Nullable Ref found) throws IOException {
        if (found == null || found.getObjectId() == null) {
            throw new IOException(settings.repository() + ": " + (settings.branch().isEmpty()
                    ? "its HEAD names no branch that has a commit; say which one with 'branch'"
                    : "it has no branch '" + settings.branch() + "'") + "; the pods stay as they are");
        }
        return found.getObjectId();
    }

    /** The repository's own directory, if it is on this machine. */
    private Optional<File> here() {
        String scheme = settings.repository().getScheme();
        return scheme == null || scheme.equals("file")
                ? Optional.ofNullable(FileKey.resolve(new File(settings.repository().getPath()), FS.DETECTED))
                : Optional.empty();
    }

    /** Reads where the repository is. */
    private <T> T open(File directory, Reader<T> reader) throws IOException {
        try (Repository repository = new FileRepositoryBuilder().setGitDir(directory).setMustExist(true).build()) {
            return reader.read(repository, commit(repository.exactRef(ref)));
        } catch (MissingObjectException | RepositoryNotFoundException | FileNotFoundException
                | NoSuchFileException e) { // it goes away just now
            throw new IOException(settings.repository() + ": " + Trouble.of(e) + "; the pods stay as they are", e);
        }
    }

    /**
     * Reads the newest commit. From elsewhere it is fetched alone, without those before it; nothing of it is left behind.
     */
    <T> T fetch(Reader<T> reader) throws IOException {
        Optional<File> here = here();
        return here.isPresent() ? open(here.get(), reader) : fetched(reader);
    }

    private <T> T fetched(Reader<T> reader) throws IOException {
        Path directory = git.newDirectory();
        try (Repository repository = new FileRepositoryBuilder().setGitDir(directory.toFile()).setBare().build()) {
            repository.create(true);
            ObjectId commit = call(repository, transport -> {
                transport.setDepth(1);
                transport.fetch(NullProgressMonitor.INSTANCE, List.of(new RefSpec("+" + ref + ":" + TIP)));
                return repository.resolve(TIP);
            });
            return reader.read(repository, commit);
        } finally {
            JGit.delete(directory);
        }
    }

    private <T> T call(@Nullable Repository into, Call<T> call) throws IOException {
        try (Transport transport = into == null ? Transport.open(settings.repository())
                : Transport.open(into, settings.repository())) {
            transport.setTimeout((int) settings.timeout().toSeconds());
            transport.setTagOpt(TagOpt.NO_TAGS);
            if (settings.tokenFile().isPresent()) {
                transport.setCredentialsProvider(Token.read(settings));
            }
            return call.on(transport);
        } catch (org.eclipse.jgit.errors.NotSupportedException | TransportException e) {
            String where = settings.repository() + ": "; // the library says it too, at times
            String why = Trouble.of(e).replace(where, "").replaceFirst("\\.$", "");
            throw new IOException(where + why + "; the pods stay as they are", e);
        }
    }
}

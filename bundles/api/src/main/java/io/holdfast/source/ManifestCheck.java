package io.holdfast.source;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Checks manifests exactly as this node would read them, and changes nothing; a service of the manifest bundle. Any
 * thread may; repeat calls are independent.
 */
@ProviderType
public interface ManifestCheck {

    /** Every manifest is good. */
    int GOOD = 0;
    /** Something is wrong with a manifest. */
    int PROBLEMS = 1;
    /** A file could not be read, so that nothing is known of it. */
    int UNREADABLE = 2;

    /**
     * Reads files and blocks while it does, with the rights of the agent.
     *
     * @param files files, and directories, of which the {@linkplain FileNames#USUAL usual} files are taken
     * @throws IllegalArgumentException what is asked for makes no sense; the message is for the person who asked
     * @throws UncheckedIOException what is in force on this node cannot be read
     */
    Report check(List<String> files, Options options);

    /**
     * @param directory what relative names are relative to
     * @param node the name of the node to check for; empty for this one
     * @param diff whether to say what would change on this node if the files took the place of those of their names
     * @param json whether the report is to be JSON
     */
    record Options(Path directory, String node, boolean diff, boolean json) {
    }

    /**
     * @param text whole lines
     * @param code {@link #GOOD}, {@link #PROBLEMS} or {@link #UNREADABLE}, the greatest that is true
     */
    record Report(String text, int code) {
    }
}

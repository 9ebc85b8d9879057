package io.holdfast.source;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A place that manifests come from; a service with a name, see {@link #NAME}. The core parses, keeps the last good
 * manifests (in memory and on disk), backs off, reports trouble and shows the source in the shell: a source only reads.
 *
 * <p>
 * A source is a Declarative Services component. Its constructor checks the configuration (an exception there is logged,
 * and the source is absent) and reads nothing: the world outside is met in {@link #watch}. One configuration is one
 * source; any number of them is a factory PID. The Maven archetype {@code io.holdfast:source-archetype} makes such a
 * component with its tests, and {@code ManifestSourceContract} of {@code io.holdfast.testkit} is what every source must
 * pass.
 *
 * <p>
 * When the service goes away, because its bundle is stopped or updated, the source's pods are held: they run on until it
 * is back and reports without them. When its configuration is deleted, there or not, they are removed.
 */
@FunctionalInterface
@ConsumerType
public interface ManifestSource {

    /**
     * Service property, a String: unique on the node, stable over restarts, such as {@code file~main}. What stands
     * before a {@code ~} is the kind of source, as in annotation {@code kubernetes.io/config.source} (behaviour S2).
     * May be left out by a component, and better is: its name is then that of its configuration, see {@link #nameOf}, by
     * which a deleted configuration is known for the source's even while the source is absent.
     */
    String NAME = "source.name";

    /**
     * The name of a source by its service properties: {@value #NAME}, else {@code service.pid} (which Declarative
     * Services puts there) without {@code io.holdfast.source.}, so that {@code io.holdfast.source.file~main} is
     * {@code file~main}, else {@code component.name} likewise.
     *
     * @throws IllegalArgumentException when the service has none of these
     */
    static String nameOf(Map<String, ?> serviceProperties) {
        for (String key : List.of(NAME, "service.pid", "component.name")) {
            if (serviceProperties.get(key) instanceof String name && !name.isBlank()) {
                String prefix = "io.holdfast.source.";
                return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
            }
        }
        throw new IllegalArgumentException("a manifest source needs the service property '" + NAME + "'");
    }

    /**
     * Reports complete readings to the sink until interrupted: a first one as soon as it can, even if it is empty, and
     * one after each change. Called on a virtual thread of its own, once at a time; may block for ever. What it learned
     * in an earlier call may be kept in fields.
     *
     * <p>
     * When the service goes away the thread is interrupted; {@code watch} is then to return or throw
     * {@link InterruptedException} within a second, and to have ended what it started. Reading from a pipe or a library
     * that swallows interrupts needs a thread or a file between. The same instance may be watched again.
     *
     * <p>
     * After an exception, or when it just returns, {@code watch} is called again within 0.1 to 1 second, for as long as
     * the service is there: a source that must not ask so often keeps in a field when it may next, and sleeps until then.
     *
     * @throws IOException the source as a whole could not be read, its place is missing, or its answer is not to be
     *             trusted: the last reading stands. The message is for a person, in the log once and in the shell: what
     *             was read, what is wrong; without secrets. Any other exception is treated alike. What is wrong with a
     *             single manifest is no exception but {@link Manifest.Unreadable}.
     */
    void watch(ManifestSink sink) throws IOException, InterruptedException;
}

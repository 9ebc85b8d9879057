package io.holdfast.source;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A place that manifests come from; a service with a name, see {@link #NAME}. The core parses, keeps the last good
 * manifests (in memory and on disk), backs off, reports trouble and shows the source in the shell: a source only reads.
 */
@ConsumerType
public interface ManifestSource {

    /**
     * Service property, a String: unique on the node, stable over restarts, such as {@code file~main}. What stands
     * before a {@code ~} is the kind of source, as in annotation {@code kubernetes.io/config.source} (behaviour S2).
     * May be left out by a component: its name is then that of its configuration, see {@link #nameOf}.
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
     * Reports complete readings to the sink until interrupted. Called on a thread of its own, once at a time; may block
     * for ever. When the service goes away the thread is interrupted; {@code watch} is then to return or throw
     * {@link InterruptedException} within a second.
     *
     * @throws IOException the source failed as a whole: logged once, the last reading stands, and {@code watch} is
     *             called again with back-off. Any other exception is treated alike.
     */
    void watch(ManifestSink sink) throws IOException, InterruptedException;
}

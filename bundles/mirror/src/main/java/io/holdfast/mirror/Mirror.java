package io.holdfast.mirror;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Manifest;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

import io.holdfast.kit.thread.Threads;
import io.holdfast.pod.Node;
import io.holdfast.status.Authorizer;
import io.holdfast.status.PodRuntimes;
import io.holdfast.status.PodStatuses;
import io.holdfast.status.Publication;

/**
 * Shows this node and its pods at a Kubernetes API server. Nothing that happens there comes back to the pods; stopping it
 * leaves everything there as it is.
 */
@Component(service = { Publication.class, Authorizer.class }, configurationPid = Settings.PID, configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, property = Publication.NAME
        + "=mirror")
@Designate(ocd = MirrorConfig.class)
public final class Mirror implements Publication, Authorizer {

    private final HttpApi api;
    private final Threads threads = new Threads();
    private final Mirroring mirroring;

    @Activate
    public Mirror(MirrorConfig config, Map<String, Object> properties, @Reference Node node,
            @Reference PodStatuses statuses, @Reference PodRuntimes runtimes, @Reference Neighbours neighbours) {
        Settings settings = Settings.read(config, properties);
        String version = version();
        EngineWatch engine = new EngineWatch(neighbours.runtimes(), runtimes::byDefault);
        NodeStatus status = new NodeStatus(new Machine(Path.of("/"), node.stateDirectory()), node.name(), node.ip(),
                version);
        api = HttpApi.open(Settings.connection(config), version);
        threads.start("mirror engine", engine);
        mirroring = new Mirroring(api, node.name(), statuses, settings,
                () -> status.now(engine.engine(), neighbours.port()));
    }

    @Deactivate
    void close() {
        mirroring.close();
        threads.close();
        api.close();
    }

    @Override
    public State state() {
        return mirroring.state();
    }

    @Override
    public boolean allows(String user, List<String> groups, String verb, String subresource)
            throws IOException, InterruptedException {
        return mirroring.authorizer().allows(user, groups, verb, subresource);
    }

    /** Of this bundle, by its own manifest. */
    private static String version() {
        try (InputStream in = Mirror.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
            String version = in == null ? null : new Manifest(in).getMainAttributes().getValue("Bundle-Version");
            return version == null ? "0" : version;
        } catch (IOException e) {
            return "0";
        }
    }
}

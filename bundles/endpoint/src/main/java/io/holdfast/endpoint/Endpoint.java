package io.holdfast.endpoint;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.kit.thread.Threads;
import io.holdfast.status.NodeEndpoint;

/** The port at which an API server asks for logs (behaviour M7), as the kubelet has one; only if it is configured. */
@Component(service = {}, configurationPid = Endpoint.PID, configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true)
@Designate(ocd = EndpointConfig.class)
public final class Endpoint {

    static final String PID = "io.holdfast.endpoint";

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Settings settings;
    private final Requests requests;
    private final BundleContext bundle;
    private final Threads threads = new Threads();

    @Activate
    public Endpoint(EndpointConfig config, Map<String, Object> properties, @Reference Services services,
            BundleContext bundle) {
        this.settings = Settings.read(config, properties);
        this.bundle = bundle;
        this.requests = new Requests(new Access(settings.users(), settings.groups(), services),
                new Logs(services, InstantSource.system()),
                new Metrics(services, bundle.getBundle().getVersion().toString()), services);
        threads.start("endpoint", this::listen);
    }

    @Deactivate
    public void close() {
        threads.close();
    }

    /** Until it is interrupted. The address may come, and the files may be written, later than the agent starts. */
    private void listen() throws InterruptedException {
        String where = settings.address() + ":" + settings.port();
        String trouble = "";
        while (true) {
            try (Port _ = new Port(settings, new TlsFiles.Current(settings.tls()), requests)) {
                LOG.info("endpoint listens on {}", where);
                untilInterrupted();
            } catch (IOException e) {
                if (!trouble.equals(e.getMessage())) {
                    trouble = String.valueOf(e.getMessage());
                    LOG.error("endpoint cannot listen on {}: {}; trying again every second", where, trouble);
                }
            }
            Thread.sleep(RETRY);
        }
    }

    private void untilInterrupted() throws InterruptedException {
        ServiceRegistration<?> registration = bundle.registerService(NodeEndpoint.class, settings::port, null);
        try {
            Thread.sleep(Duration.ofDays(Integer.MAX_VALUE));
        } finally {
            registration.unregister();
        }
    }
}

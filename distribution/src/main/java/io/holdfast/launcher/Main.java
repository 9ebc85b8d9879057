package io.holdfast.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import org.apache.felix.framework.FrameworkFactory;
import org.apache.felix.main.AutoProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.log.LogService;
import org.osgi.service.log.LoggerFactory;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;

/**
 * Felix's own main with two differences: the exit code says what happened (0 after SIGTERM too, 1 when the framework
 * can't start), and what the framework has to say goes to the log.
 */
public final class Main {

    /** Bundles that take longer are left behind; whoever stops us would lose patience too. */
    private static final long STOP_MILLIS = 5_000;

    /** The start level of bundles that nobody waits for. */
    private static final int LATE = 2;

    private static final Logger log = org.slf4j.LoggerFactory.getLogger("holdfast");

    private Main() {
    }

    public static void main(String[] args) {
        try {
            run(properties());
            System.exit(0);
        } catch (Exception e) {
            log.error("cannot start the framework", e);
            System.exit(1);
        }
    }

    private static Map<String, String> properties() throws IOException {
        Map<String, String> properties = org.apache.felix.main.Main.loadConfigProperties();
        if (properties == null) {
            throw new IllegalStateException("cannot read " + System.getProperty("felix.config.properties"));
        }
        org.apache.felix.main.Main.copySystemProperties(properties);
        properties.putIfAbsent(Constants.FRAMEWORK_SYSTEMPACKAGES, SystemPackages.all());
        return properties;
    }

    private static void run(Map<String, String> properties) throws BundleException, InterruptedException {
        Framework framework = new FrameworkFactory().newFramework(properties);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(framework), "shutdown"));
        do {
            framework.init();
            framework.getBundleContext().registerService(
                    new String[] {LogService.class.getName(), LoggerFactory.class.getName()}, new LogFactory(), null);
            Path home = Path.of(System.getProperty("holdfast.home"));
            CacheStamp.keep(framework.getBundleContext(), home.resolve("var/bundle-cache.stamp"));
            follow(framework.getBundleContext(), home.resolve("config"));
            AutoProcessor.process(properties, framework.getBundleContext());
            framework.start();
            log.info("started in {} ms version={} home={}", millisSinceStart(), System.getProperty("holdfast.version"),
                    System.getProperty("holdfast.home"));
            framework.adapt(FrameworkStartLevel.class).setStartLevel(LATE);
        } while (framework.waitForStop(0).getType() == FrameworkEvent.STOPPED_UPDATE);
    }

    /** The first reading happens while Config Admin starts: components never see a world without configuration. */
    private static void follow(BundleContext context, Path folder) {
        new ServiceTracker<ConfigurationAdmin, Thread>(context, ConfigurationAdmin.class, null) {
            @Override
            public Thread addingService(ServiceReference<ConfigurationAdmin> reference) {
                ConfigFolder configs = new ConfigFolder(folder, context.getService(reference));
                try {
                    configs.read();
                } catch (IOException e) {
                    log.error("cannot read {}", folder, e);
                }
                return Thread.ofVirtual().name("config").start(configs);
            }

            @Override
            public void removedService(ServiceReference<ConfigurationAdmin> reference, Thread watching) {
                watching.interrupt();
            }
        }.open();
    }

    /** Since the script began: the system's own figure is off by up to a second. */
    private static long millisSinceStart() {
        return System.currentTimeMillis() - Long.getLong("holdfast.began", System.currentTimeMillis());
    }

    private static void stop(Framework framework) {
        log.info("stopping; the pods run on");
        try {
            framework.stop();
            if (framework.waitForStop(STOP_MILLIS).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
                log.warn("not all bundles stopped within {} ms, ending without them", STOP_MILLIS);
            }
            Runtime.getRuntime().halt(0);
        } catch (BundleException | InterruptedException e) {
            log.error("cannot stop the framework", e);
        }
    }
}

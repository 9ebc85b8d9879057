package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ops4j.pax.exam.CoreOptions.bootDelegationPackages;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;

import javax.inject.Inject;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

import io.holdfast.status.PodStatuses;
import io.holdfast.status.PodView;

/**
 * Inside a real Felix with the product's own bundles: each of ours is stopped, started and updated while a pod runs on
 * a real engine, and the pod does not notice. The contracts' packages come from the test's class path, so that the
 * test and the bundles mean the same services.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HotSwapIT {

    private static final Path DIST = Path.of(System.getProperty("holdfast.dist"));
    /** One for each engine: an agent's home remembers where its pods are. */
    private static final Path HOME = Path.of("target/hot-swap", System.getProperty("holdfast.test.runtime"))
            .toAbsolutePath();
    private static final String RUNTIME = "io.holdfast.runtime." + System.getProperty("holdfast.test.runtime");
    private static final List<String> OURS = List.of("io.holdfast.source.file", "io.holdfast.manifest",
            "io.holdfast.reconciler", RUNTIME, "io.holdfast.shell", "io.holdfast.mirror", "io.holdfast.endpoint");
    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Configuration
    public Option[] product() throws IOException {
        Files.createDirectories(HOME.resolve("manifests"));
        Files.createDirectories(HOME.resolve("run"));
        return options(cleanCaches(), junitBundles(), frameworkProperty("holdfast.home").value(HOME.toString()),
                frameworkProperty("org.osgi.framework.bundle.parent").value("framework"),
                bootDelegationPackages("org.assertj.*", "org.awaitility", "org.awaitility.*", "org.hamcrest",
                        "org.hamcrest.*"),
                frameworkProperty("felix.fileinstall.dir").value(HOME + "/bundles"),
                systemPackages("org.slf4j;version=2.0.17", "org.slf4j;version=1.7.36", // for Pax Exam itself
                        "org.slf4j.event;version=2.0.17",
                        "org.slf4j.helpers;version=2.0.17", "org.slf4j.spi;version=2.0.17",
                        "org.osgi.service.log;version=1.5", contracts()),
                bundles(DIST.resolve("lib/system")), bundles(DIST.resolve("bundles")));
    }

    /** What the API exports, with its versions. */
    private static String contracts() throws IOException {
        try (JarFile api = new JarFile(DIST.resolve("bundles/io.holdfast.api.jar").toFile())) {
            return api.getManifest().getMainAttributes().getValue("Export-Package");
        }
    }

    @Before
    public void configure() throws IOException {
        put(admin.getConfiguration("io.holdfast.node", "?"), Map.of("name", "pax", "state.directory", HOME + "/var",
                "pod.log.directory", HOME + "/log/pods"));
        put(admin.getConfiguration(RUNTIME, "?"),
                Map.of("endpoint", "unix://" + System.getProperty("holdfast.test.socket")));
        put(admin.getFactoryConfiguration("io.holdfast.source.file", "main", "?"), Map.of("path", HOME + "/manifests"));
    }

    @SuppressWarnings("JdkObsolete") // Config Admin is as old as Hashtable
    private static void put(org.osgi.service.cm.Configuration configuration, Map<String, String> values)
            throws IOException {
        configuration.updateIfDifferent(new Hashtable<>(values));
    }

    /** The same list as the product's: what lies in its directory. */
    private static Option bundles(Path directory) throws IOException {
        try (var jars = Files.list(directory)) {
            return composite(jars.filter(j -> !j.getFileName().toString().startsWith("io.holdfast.api")).sorted()
                    .map(j -> bundle(j.toUri().toString())).toArray(Option[]::new));
        }
    }

    @After
    public void removeAllPods() throws Exception {
        try (var files = Files.list(HOME.resolve("manifests"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        await().atMost(SOON).until(() -> pods().isEmpty());
    }

    @Test
    public void everyBundleIsActive() {
        assertThat(Arrays.stream(context.getBundles()).filter(b -> b.getHeaders().get("Fragment-Host") == null))
                .allSatisfy(b -> assertThat(b.getState()).as(b.toString()).isEqualTo(Bundle.ACTIVE));
        assertThat(Arrays.stream(context.getBundles()).map(Bundle::getSymbolicName)).containsAll(OURS);
    }

    @Test
    public void everyBundleOfOursMayGoAndComeBackWhileAPodRuns() throws Exception { // design decisions 3, 7
        manifest("web");
        String container = running("web-pax");
        for (String name : OURS) {
            Bundle bundle = installed(name);
            bundle.stop();
            bundle.start();
            assertThat(running("web-pax")).as("after stop and start of " + name).isEqualTo(container);
            bundle.update();
            assertThat(running("web-pax")).as("after update of " + name).isEqualTo(container);
        }
        manifest("second");
        running("second-pax"); // and all of it works as before
    }

    @Test
    public void aPodIsHeldWhileItsSourceIsAway() throws Exception { // design decision 3
        manifest("web");
        String container = running("web-pax");
        installed("io.holdfast.source.file").stop();
        Files.delete(HOME.resolve("manifests/web.yaml"));
        await().atMost(SOON).until(() -> view("web-pax").map(PodView::desired).filter(d -> d.held() != null).isPresent());
        assertThat(running("web-pax")).isEqualTo(container);
        installed("io.holdfast.source.file").start();
        await().atMost(SOON).until(() -> view("web-pax").isEmpty());
    }

    @Test
    public void aConfigurationDeletedWhileTheManifestBundleIsAwayIsNoticedWhenItIsBack() throws Exception { // decision 3
        manifest("web");
        running("web-pax");
        installed("io.holdfast.manifest").stop();
        admin.getFactoryConfiguration("io.holdfast.source.file", "main", "?").delete();
        installed("io.holdfast.manifest").start();
        await().atMost(SOON).until(() -> view("web-pax").isEmpty());
    }

    private static void manifest(String name) throws IOException {
        Files.writeString(HOME.resolve("manifests/" + name + ".yaml"), Pods.sleeper(name));
    }

    /** Waits until the pod is shown with one running container; its id. */
    private String running(String pod) {
        await().atMost(SOON).until(() -> view(pod).filter(v -> !v.status().containerStatuses().isEmpty()
                && v.status().containerStatuses().getFirst().ready()).isPresent());
        return view(pod).orElseThrow().status().containerStatuses().getFirst().containerID();
    }

    private Optional<PodView> view(String pod) {
        return pods().stream().filter(p -> p.name().name().equals(pod)).findFirst();
    }

    /** Empty also while the reconciler is away. */
    private List<PodView> pods() {
        var reference = context.getServiceReference(PodStatuses.class);
        PodStatuses statuses = reference == null ? null : context.getService(reference);
        return statuses == null ? List.of() : statuses.current().pods();
    }

    private Bundle installed(String name) {
        return Arrays.stream(context.getBundles()).filter(b -> name.equals(b.getSymbolicName())).findFirst()
                .orElseThrow();
    }

}

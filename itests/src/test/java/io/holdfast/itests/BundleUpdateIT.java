package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two hundred updates of one bundle cost nothing that stays: old editions leave no class loader behind, and no object. */
@Tag("long")
class BundleUpdateIT {

    private static final String MIRROR = "io.holdfast.mirror";
    private static final String ENDPOINT = "io.holdfast.endpoint";
    private static final int UPDATES = 200;
    /** What the first updates fill: caches of the framework and of the JVM. */
    private static final int WARM_UP = 20;
    /** A bundle's own classes take 0.3 MB or more each time they are loaded: two hundred that stayed would show. */
    private static final double MORE_HEAP_MB = 4;
    private static final double MORE_METASPACE_MB = 2;
    private static final int MORE_LOADERS = 60;
    /** Class loaders go when the collector has found them, their jars when their cleaners have run. */
    private static final Duration COLLECTED = Duration.ofSeconds(20);

    private static final Pattern HEAP = Pattern.compile("(?:DefNew|Tenured) .*used (\\d+)K");
    private static final Pattern METASPACE = Pattern.compile("Both:.* ([\\d.]+) MB \\([^)]*\\) used");
    private static final Pattern LOADERS = Pattern.compile("Total Usage - (\\d+) loaders");

    private record Footprint(double heapMb, double metaspaceMb, int loaders) {

        boolean isAtMost(Footprint before) {
            return heapMb <= before.heapMb + MORE_HEAP_MB && metaspaceMb <= before.metaspaceMb + MORE_METASPACE_MB
                    && loaders <= before.loaders + MORE_LOADERS;
        }
    }

    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    @RegisterExtension
    final Lab lab = new Lab();

    /** The other bundles do not know which engine it is, and take half a minute each. */
    static List<String> bundles() {
        try (Engine engine = Engine.open()) {
            return engine.runtime().equals("cri")
                    ? List.of("io.holdfast.manifest", "io.holdfast.source.file", "io.holdfast.source.http",
                            "io.holdfast.reconciler", engine.bundle(), Parts.SHELL, MIRROR, ENDPOINT)
                    : List.of(engine.bundle());
        }
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void twoHundredUpdatesLeaveHeapAndMetaspaceWhereTheyWere(String bundle) throws Exception {
        try (ManifestServer server = new ManifestServer(Pods.sleeper("fleet"))) {
            lab.agent().config("io.holdfast.source.http~fleet", "url=" + server.url());
            configure(bundle);
            lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
            List<String> containers = List.of(lab.running("web").id(), lab.running("fleet").id());
            update(bundle, WARM_UP);
            Footprint before = footprint();
            update(bundle, UPDATES);
            Footprint after = await().atMost(COLLECTED).pollInterval(Duration.ofSeconds(1)).pollDelay(Duration.ZERO)
                    .until(this::footprint, now -> now.isAtMost(before));
            System.out.printf("%d updates of %s: %s, was %s%n", UPDATES, bundle, after, before);
            assertThat(List.of(lab.running("web").id(), lab.running("fleet").id())).isEqualTo(containers);
        }
    }

    /** What does nothing unless it is configured. */
    private void configure(String bundle) throws IOException {
        if (bundle.equals(MIRROR)) {
            lab.agent().config(bundle, "kubeconfig=" + SERVER.file("node.kubeconfig"));
        } else if (bundle.equals(ENDPOINT)) {
            lab.agent().config(bundle, SERVER.endpoint());
        }
    }

    /** In one session; but the shell's own update ends it, so that each needs another. */
    private void update(String bundle, int times) throws IOException, InterruptedException {
        String id = Parts.id(lab.agent(), bundle);
        if (!bundle.equals(Parts.SHELL)) {
            assertThat(lab.agent().shell(Collections.nCopies(times, "update " + id).toArray(String[]::new)).err())
                    .isEmpty();
            return;
        }
        for (int i = 0; i < times; i++) {
            await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(20)).until(
                    () -> lab.agent().cli("update", id).exitCode() == 0);
        }
    }

    private Footprint footprint() throws IOException, InterruptedException {
        jcmd("GC.run");
        jcmd("GC.run");
        String metaspace = jcmd("VM.metaspace");
        return new Footprint(sum(HEAP, jcmd("GC.heap_info")) / 1024, sum(METASPACE, metaspace),
                (int) sum(LOADERS, metaspace));
    }

    /** @throws AssertionError nothing is found: the tool prints otherwise than it did */
    private static double sum(Pattern pattern, String text) {
        double sum = 0;
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        do {
            sum += Double.parseDouble(matcher.group(1));
        } while (matcher.find());
        return sum;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Path java = Path.of(lab.agent().process().info().command().orElseThrow());
        Process jcmd = new ProcessBuilder(java.resolveSibling("jcmd").toString(), Long.toString(lab.agent().pid()),
                command).redirectErrorStream(true).start();
        String printed = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(printed).isZero();
        return printed;
    }
}

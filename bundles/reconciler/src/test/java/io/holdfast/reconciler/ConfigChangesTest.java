package io.holdfast.reconciler;

import static io.holdfast.reconciler.Rig.waiting;
import static io.holdfast.reconciler.TestConfig.configMap;
import static io.holdfast.reconciler.TestConfig.mapKey;
import static io.holdfast.reconciler.TestConfig.ofConfigMap;
import static io.holdfast.reconciler.TestConfig.ofSecret;
import static io.holdfast.reconciler.TestConfig.secret;
import static io.holdfast.reconciler.TestConfig.secretKey;
import static io.holdfast.reconciler.TestConfig.subPath;
import static io.holdfast.reconciler.TestPods.IMAGE;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.container;
import static io.holdfast.reconciler.TestPods.name;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.reconciler.TestPods.PodDraft;
import io.holdfast.runtime.ContainerSpec.Env;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.status.PodEvent;
import io.holdfast.status.PodStatus;
import io.holdfast.testkit.FakeRuntime;

/** A whole reconciler, real files and mounts; nothing here waits for a timer, all of them are an hour away. */
@Timeout(60)
class ConfigChangesTest {

    private static final Duration NEVER = Duration.ofHours(1);
    private static final Backoff FAR = new Backoff(NEVER, NEVER, NEVER);
    private static final Settings NO_TIMERS = new Settings(FAR, FAR, FAR, Duration.ZERO, NEVER, 4, 3);

    @TempDir
    Path directory;

    private final FakeRuntime runtime = new FakeRuntime();
    private Rig rig;

    @BeforeEach
    void start() {
        runtime.addImage(IMAGE);
        rig = new Rig(runtime, directory, NO_TIMERS);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        Mounts.delete(directory.resolve("var/pods"));
    }

    // ------------------------------------------------------------------ what is missing

    @Test
    void aContainerWaitsForItsConfigMapAndStartsWhenItComes() {
        rig.want(pod("web-n").with(app().env("A", mapKey("web", "a"))));
        rig.awaitReason("web-n", "CreateContainerConfigError");
        assertThat(waitingFor()).isEqualTo("configmap \"web\" not found");
        rig.have(configMap("web", "b", "1"));
        waiting().until(() -> waitingFor().equals("couldn't find key a in ConfigMap default/web"));
        rig.have(configMap("web", "a", "1"));
        rig.awaitReady("web-n", "v1");
        assertThat(env("app")).containsExactly(new Env("A", "1"));
    }

    @Test
    void aPodWaitsForItsVolumeAndStartsWhenItsSecretComes() {
        rig.want(pod("web-n").volume(TestConfig.of("tls", ofSecret("tls"))).with(app().mount("tls", "/tls")));
        rig.awaitReason("web-n", "FailedMount");
        assertThat(rig.view("web-n").orElseThrow().status().phase()).isEqualTo(PodStatus.Phase.Pending);
        assertThat(events("FailedMount")).containsExactly("volume \"tls\": secret \"tls\" not found");
        assertThat(runtime.calls()).isEmpty();
        rig.have(secret("other", "key", "k3y"));
        rig.have(secret("tls", "key", "k3y"));
        rig.awaitReady("web-n", "v1");
        assertThat(secretFile()).hasContent("k3y");
    }

    // ------------------------------------------------------------------ what changes

    @Test
    void filesChangeInPlaceAndNothingRestarts() throws Exception {
        rig.have(configMap("web", "a.conf", "1", "b.conf", "1"), secret("tls", "key", "k3y"));
        rig.want(pod("web-n").volume(TestConfig.of("web", ofConfigMap("web"))).volume(TestConfig.of("tls", ofSecret("tls")))
                .with(app().mount("web", "/etc/web").mount("tls", "/tls")));
        rig.awaitReady("web-n", "v1");
        rig.have(configMap("web", "a.conf", "2", "c.conf", "2"), secret("tls", "key", "n3w"));
        waiting().untilAsserted(() -> assertThat(secretFile()).hasContent("n3w"));
        waiting().untilAsserted(() -> assertThat(mapFile("a.conf")).hasContent("2"));
        assertThat(mapFile("b.conf")).doesNotExist();
        assertThat(mapFile("c.conf")).hasContent("2");
        assertThat(rig.running()).containsExactly("web-n/app#0 v1");
        assertThat(runtime.calls()).noneMatch(call -> call.startsWith("stop"));
    }

    @Test
    void whatCouldNotBeWrittenIsForgottenWithItsEdition() throws Exception {
        rig.close();
        rig = new Rig(runtime, directory, Rig.QUICK);
        rig.have(configMap("web", "a.conf", "1"));
        PodDraft pod = pod("web-n").volume(TestConfig.of("web", ofConfigMap("web"))).with(app().mount("web", "/etc/web"));
        rig.want(pod);
        rig.awaitReady("web-n", "v1");
        Path volume = Objects.requireNonNull(mapFile("a.conf").getParent());
        Mounts.delete(volume);
        Files.createFile(volume); // where a directory would have to be
        rig.have(configMap("web", "a.conf", "2"));
        waiting().until(() -> !events("FailedMount").isEmpty());
        runtime.refuse("runSandbox", "no network");
        rig.want(pod.edition("v2"));
        rig.awaitReason("web-n", "FailedCreatePodSandBox");
        long before = runtime.looks();
        Thread.sleep(1000);
        assertThat(runtime.looks() - before).as("looks within a second").isLessThan(50);
    }

    @Test
    void whatWentStaysInTheFilesAndIsSaid() {
        rig.have(configMap("web", "a.conf", "1"));
        rig.want(pod("web-n").volume(TestConfig.of("web", ofConfigMap("web"))).with(app().mount("web", "/etc/web")));
        rig.awaitReady("web-n", "v1");
        rig.have();
        waiting().until(() -> events("FailedMount").equals(List.of("volume \"web\" stays as it was: configmap \"web\" not found")));
        assertThat(mapFile("a.conf")).hasContent("1");
        rig.have(configMap("web", "a.conf", "2"));
        waiting().untilAsserted(() -> assertThat(mapFile("a.conf")).hasContent("2"));
    }

    @Test
    void theContainersThatReadAnObjectAreStartedAnewWithoutBackOff() {
        rig.have(configMap("web", "a", "1"), secret("tls", "key", "k3y"));
        rig.want(pod("web-n").with(app().env("A", mapKey("web", "a"))).with(container("other").env("K", secretKey("tls", "key"))));
        rig.awaitReady("web-n", "v1");
        for (String value : List.of("2", "3", "4")) {
            rig.have(configMap("web", "a", value), secret("tls", "key", "k3y"));
            waiting().until(() -> rig.running().size() == 2 && env("app").equals(List.of(new Env("A", value))));
        }
        rig.awaitRunning("web-n/app#3 v1", "web-n/other#0 v1");
        assertThat(events("Killing")).containsExactly("Stopping container app: its ConfigMap default/web changed");
        assertThat(runtime.calls()).filteredOn(call -> call.startsWith("stop")).allMatch(call -> call.endsWith("grace=30s"));
    }

    @Test
    void aPartOfAVolumeIsReadForGood() {
        rig.have(configMap("web", "a.conf", "1", "b.conf", "1"));
        rig.want(pod("web-n").volume(TestConfig.of("web", ofConfigMap("web")))
                .with(app().mount(subPath("web", "/etc/a.conf", "a.conf"))).with(container("other").mount("web", "/etc/web")));
        rig.awaitReady("web-n", "v1");
        rig.have(configMap("web", "a.conf", "1", "b.conf", "2"));
        waiting().untilAsserted(() -> assertThat(mapFile("b.conf")).hasContent("2"));
        rig.have(configMap("web", "a.conf", "2", "b.conf", "2"));
        rig.awaitRunning("web-n/app#1 v1", "web-n/other#0 v1");
        assertThat(Path.of(runtime.spec(current("app").id()).mounts().getFirst().hostPath())).hasContent("2");
    }

    @Test
    void evenAPodThatIsNeverRestartedIsStartedAnew() {
        rig.have(configMap("web", "a", "1"));
        rig.want(pod("web-n").restart(RestartPolicy.Never).with(app().env("A", mapKey("web", "a"))));
        rig.awaitReady("web-n", "v1");
        rig.have(configMap("web", "a", "2"));
        rig.awaitRunning("web-n/app#1 v1");
        runtime.crash(name("web-n"), "app", 1);
        waiting().until(() -> rig.view("web-n").orElseThrow().status().phase() == PodStatus.Phase.Failed);
        rig.have(configMap("web", "a", "3"));
        rig.want(pod("web-n").restart(RestartPolicy.Never).with(app().env("A", mapKey("web", "a"))), pod("next-n"));
        rig.awaitReady("next-n", "v1");
        assertThat(rig.view("web-n").orElseThrow().status().phase()).as("what has ended has ended").isEqualTo(PodStatus.Phase.Failed);
    }

    @Test
    void anAgentKilledBetweenStopAndStartGoesOn() throws Exception { // R8
        PodDraft pod = pod("web-n").restart(RestartPolicy.Never).with(app().env("A", mapKey("web", "a")));
        rig.have(configMap("web", "a", "1"));
        rig.want(pod);
        rig.awaitReady("web-n", "v1");
        runtime.block("create");
        rig.have(configMap("web", "a", "2"));
        waiting().until(() -> rig.running().isEmpty());
        rig.close();
        runtime.heal("create");
        rig = new Rig(runtime, directory, NO_TIMERS);
        rig.have(configMap("web", "a", "2"));
        rig.want(pod);
        rig.awaitRunning("web-n/app#1 v1");
    }

    @Test
    void theNextAgentRestartsOnlyWhatChangedMeanwhile() throws Exception { // R8
        PodDraft one = pod("one-n").with(app().env("A", mapKey("one", "a")));
        PodDraft two = pod("two-n").with(app().env("A", mapKey("two", "a")));
        rig.have(configMap("one", "a", "1"), configMap("two", "a", "1"));
        rig.want(one, two);
        rig.awaitReady("one-n", "v1");
        rig.awaitReady("two-n", "v1");
        rig.close();
        rig = new Rig(runtime, directory, NO_TIMERS);
        rig.have(configMap("one", "a", "1"), configMap("two", "a", "2"));
        rig.want(one, two);
        waiting().until(() -> rig.running().containsAll(List.of("one-n/app#0 v1", "two-n/app#1 v1")));
    }

    @Test
    void aPodMayAskToBeLeftAlone() {
        PodDraft pod = pod("web-n").annotation("holdfast.io/on-config-change", "ignore")
                .volume(TestConfig.of("web", ofConfigMap("web"))).with(app().env("A", mapKey("web", "a")).mount("web", "/etc/web"));
        rig.have(configMap("web", "a", "1"));
        rig.want(pod);
        rig.awaitReady("web-n", "v1");
        rig.have(configMap("web", "a", "2"));
        waiting().untilAsserted(() -> assertThat(mapFile("a")).hasContent("2"));
        assertThat(env("app")).containsExactly(new Env("A", "1"));
        runtime.crash(name("web-n"), "app", 1);
        rig.awaitRunning("web-n/app#1 v1");
        assertThat(env("app")).containsExactly(new Env("A", "2"));
    }

    @Test
    void nothingIsKilledWhileTheNewOneIsMissing() {
        rig.have(configMap("web", "a", "1"), secret("tls", "key", "k3y"));
        rig.want(pod("web-n").volume(TestConfig.of("tls", ofSecret("tls"))).with(app().env("A", mapKey("web", "a")).mount("tls", "/tls")));
        rig.awaitReady("web-n", "v1");
        rig.have(configMap("web", "b", "2"), secret("tls", "key", "n3w"));
        waiting().untilAsserted(() -> assertThat(secretFile()).hasContent("n3w"));
        rig.have(secret("tls", "key", "n3w3r"));
        waiting().untilAsserted(() -> assertThat(secretFile()).hasContent("n3w3r"));
        assertThat(runtime.calls()).noneMatch(call -> call.startsWith("stop"));
        rig.have(configMap("web", "a", "2"), secret("tls", "key", "n3w3r"));
        rig.awaitRunning("web-n/app#1 v1");
    }

    @Test
    void aCrashingContainerIsStartedAtOnceWithWhatMayCureIt() {
        rig.have(configMap("web", "a", "1"));
        rig.want(pod("web-n").with(app().env("A", mapKey("web", "a"))));
        rig.awaitReady("web-n", "v1");
        runtime.crash(name("web-n"), "app", 1);
        rig.awaitRunning("web-n/app#1 v1"); // the first restart is at once
        runtime.crash(name("web-n"), "app", 1);
        rig.awaitReason("web-n", "CrashLoopBackOff");
        rig.have(configMap("web", "a", "2"));
        rig.awaitRunning("web-n/app#2 v1");
    }

    @Test
    void noSecretShowsAnywhereButWhereItBelongs() {
        rig.have(secret("tls", "key", "k3y-k3y"));
        rig.want(pod("web-n").volume(TestConfig.of("tls", ofSecret("tls"))).with(app().env("K", secretKey("tls", "key")).mount("tls", "/tls")));
        rig.awaitReady("web-n", "v1");
        rig.have(secret("tls", "key", "n3w-n3w"));
        rig.awaitRunning("web-n/app#1 v1");
        assertThat(rig.views().toString() + runtime.calls() + runtime.spec(current("app").id()))
                .doesNotContain("k3y-k3y").doesNotContain("n3w-n3w");
    }

    @Test
    void everythingGoesWithThePod() throws Exception {
        rig.have(configMap("web", "a", "1"), secret("tls", "key", "k3y"));
        Path data = Files.createDirectories(directory.resolve("data/part"));
        Files.writeString(data.resolve("precious"), "data");
        rig.want(pod("web-n").volume(TestConfig.of("tls", ofSecret("tls"))).emptyDir("mem", "Memory", "1Mi")
                .hostPath("data", directory.resolve("data"), io.holdfast.pod.Volume.HostPath.Type.Directory)
                .with(app().mount("mem", "/mem").mount("tls", "/tls").mount(subPath("data", "/data", "part"))));
        rig.awaitReady("web-n", "v1");
        rig.want();
        waiting().until(() -> rig.view("web-n").isEmpty() && !Files.exists(pods().root()));
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(directory.toString());
        assertThat(data.resolve("precious")).hasContent("data");
    }

    private String waitingFor() {
        return rig.view("web-n").orElseThrow().status().containerStatuses().getFirst()
                .state() instanceof PodStatus.State.Waiting(_, String message) ? message : "";
    }

    private List<String> events(String reason) {
        return rig.view("web-n").orElseThrow().events().stream().filter(e -> e.reason().equals(reason)).map(PodEvent::message).toList();
    }

    private List<Env> env(String container) {
        return runtime.spec(current(container).id()).env();
    }

    private ObservedPod.Container current(String container) {
        try {
            return Edition.of("v1", runtime.pod(name("web-n")).orElseThrow().sandboxes(), Vitals.NONE).newest(container).orElseThrow();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path secretFile() {
        return pods().root().resolve("volumes/kubernetes.io~secret/tls/key");
    }

    private Path mapFile(String name) {
        return pods().root().resolve("volumes/kubernetes.io~configmap/web").resolve(name);
    }

    private PodDirectory pods() {
        return PodDirectory.of(TestPods.TestNode.in(directory), name("web-n"), "v1");
    }
}

package io.holdfast.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.cell.Cell;
import io.holdfast.pod.Node;
import io.holdfast.pod.PodName;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.DesiredPods.Snapshot;
import io.holdfast.source.Manifest;
import io.holdfast.source.Problem;
import io.holdfast.source.Sources;

@Timeout(30)
class ManifestsTest {

    @TempDir
    Path state;
    private Manifests manifests = new Manifests(new TestNode(Path.of("/nonexistent")), Path.of("/nonexistent"),
            Clock.systemUTC());
    private Sources sources = new SourceList(manifests);

    record TestNode(Path stateDirectory) implements Node {

        @Override
        public String name() {
            return "node1";
        }

        @Override
        public String ip() {
            return "10.0.0.1";
        }

        @Override
        public Map<String, String> labels() {
            return Map.of();
        }

        @Override
        public Path podLogDirectory() {
            return stateDirectory;
        }
    }

    @BeforeEach
    void start() {
        manifests.close();
        manifests = new Manifests(new TestNode(state), state.resolve("memory"), Clock.systemUTC());
        sources = new SourceList(manifests);
    }

    @AfterEach
    void close() {
        manifests.close();
    }

    private FakeSource add(String name) {
        FakeSource source = new FakeSource(name);
        manifests.addSource(source, source.properties());
        return source;
    }

    private FakeSource add(String name, String pid) {
        FakeSource source = new FakeSource(name, pid);
        manifests.addSource(source, source.properties());
        return source;
    }

    private void remove(FakeSource source) {
        manifests.removeSource(source, source.properties());
    }

    static String pod(String name) {
        return pod(name, "busybox");
    }

    static String pod(String name, String image) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec: {containers: [{name: main, image: %s}]}
                """.formatted(name, image);
    }

    private Snapshot await(Predicate<Snapshot> wanted) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        for (Cell.Versioned<Snapshot> now = manifests.current();; now = manifests.after(now.version())) {
            if (wanted.test(now.value())) {
                return now.value();
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("at last " + now);
            }
        }
    }

    private Sources.Status awaitStatus(String name, Predicate<Sources.Status> wanted) throws InterruptedException {
        for (Cell.Versioned<Known> now = manifests.stateAfter(-1);; now = manifests.stateAfter(now.version())) {
            for (Sources.Status status : sources.current()) {
                if (status.name().equals(name) && wanted.test(status)) {
                    return status;
                }
            }
        }
    }

    private static DesiredPod find(Snapshot snapshot, String name) {
        return Objects.requireNonNull(snapshot.pods().get(new PodName("default", name + "-node1")), name);
    }

    private static Predicate<Snapshot> has(String... names) {
        return snapshot -> snapshot.pods().size() == names.length && List.of(names).stream()
                .allMatch(n -> snapshot.pods().containsKey(new PodName("default", n + "-node1")));
    }

    private static List<String> texts(List<Problem> problems) {
        return problems.stream().map(Problem::text).toList();
    }

    @Test
    void allSourcesTogetherAreThePods() throws Exception { // S1
        add("file~main").reports("web.yaml", pod("web"), "api.yaml", pod("api"));
        add("http~fleet").reports("https://x/pods#1", pod("db"));
        Snapshot snapshot = await(has("web", "api", "db"));
        assertThat(snapshot.reported()).containsExactlyInAnyOrder("file~main", "http~fleet");
        assertThat(find(snapshot, "db").source()).isEqualTo("http~fleet");
        assertThat(find(snapshot, "db").held()).isNull();
    }

    @Test
    void aSourceWithoutANameIsCalledAsItsConfigurationIs() throws Exception {
        FakeSource main = new FakeSource("nobody asks").reports("web.yaml", pod("web"));
        Map<String, Object> properties = Map.of("service.pid", "io.holdfast.source.file~main");
        manifests.addSource(main, properties);
        Snapshot snapshot = await(has("web"));
        assertThat(find(snapshot, "web").source()).isEqualTo("file~main");
        assertThat(find(snapshot, "web").pod().metadata().annotations())
                .containsEntry("kubernetes.io/config.source", "file"); // S2
        manifests.removeSource(main, properties);
        await(s -> "source file~main is absent".equals(find(s, "web").held()));
    }

    @Test
    void aSilentSourceDoesNotBlockOthers() throws Exception { // S6
        add("http~fleet");
        FakeSource main = add("file~main").reports("web.yaml", pod("web"));
        await(has("web"));
        main.reports();
        await(s -> s.pods().isEmpty() && s.reported().equals(Set.of("file~main")));
    }

    @Test
    void whatDidNotChangeIsTheSameInstance() throws Exception {
        FakeSource main = add("file~main").reports("web.yaml", pod("web"), "api.yaml", pod("api"));
        Snapshot before = await(has("web", "api"));
        main.reports("web.yaml", "# comment\n" + pod("web"), "api.yaml", pod("api"), "db.yaml", pod("db"));
        Snapshot now = await(has("web", "api", "db"));
        assertThat(find(now, "web")).isSameAs(find(before, "web"));
        assertThat(find(now, "api")).isSameAs(find(before, "api"));
    }

    @Test
    void theSameReportAgainPublishesNothing() throws Exception {
        FakeSource main = add("file~main").reports("web.yaml", pod("web"));
        await(has("web"));
        long version = manifests.current().version();
        var first = awaitStatus("file~main", s -> s.lastReading() != null).lastReading();
        main.reports("web.yaml", pod("web"));
        awaitStatus("file~main", s -> !Objects.equals(first, s.lastReading()));
        assertThat(manifests.current().version()).isEqualTo(version);
    }

    @Test
    void anEditThatBreaksAManifestLeavesThePodAsItWas() throws Exception { // F5
        FakeSource main = add("file~main").reports("web.yaml", pod("web"));
        DesiredPod good = find(await(has("web")), "web");
        main.reports("web.yaml", pod("web").replace("image", "imag"));
        DesiredPod held = find(await(s -> find(s, "web").held() != null), "web");
        assertThat(held.uid()).isEqualTo(good.uid());
        assertThat(held.held()).isEqualTo("web.yaml has errors");
        assertThat(texts(held.problems())).containsExactly(
                "web.yaml:4:21 spec.containers[0].image: is required; the running pod default/web-node1 stays as it"
                        + " was",
                "web.yaml:4:34 spec.containers[0].imag: unknown field; did you mean 'image'?; the running pod"
                        + " default/web-node1 stays as it was");
        Problem first = held.problems().getFirst();
        main.reports("web.yaml", "#\n" + pod("web").replace("image", "imag"));
        Problem later = awaitStatus("file~main", s -> s.problems().getFirst().line() == 5).problems().getFirst();
        assertThat(later.since()).isEqualTo(first.since());
        main.reports("web.yaml", pod("web"));
        DesiredPod again = find(await(s -> find(s, "web").held() == null), "web");
        assertThat(again).isEqualTo(good);
        assertThat(sources.current().getFirst().problems()).isEmpty();
    }

    @Test
    void aListThatWasWrittenHalfRemovesNothing() throws Exception { // H3
        FakeSource main = add("file~main").reports("all.yaml", pod("web"));
        await(has("web"));
        main.reports("all.yaml", "apiVersion: v1\nkind: List\nitems:\n");
        assertThat(find(await(s -> s.pods().isEmpty() || find(s, "web").held() != null), "web").held())
                .isEqualTo("all.yaml has errors");
        main.reports("all.yaml", "apiVersion: v1\nkind: List\nitems: []\n");
        await(s -> s.pods().isEmpty());
    }

    @Test
    void ofAFileWithOneBadPodTheOthersChange() throws Exception { // F5, H2
        FakeSource main = add("file~main").reports("all.yaml", pod("web") + "---\n" + pod("api"));
        await(has("web", "api"));
        main.reports("all.yaml", pod("web", "nginx") + "---\n" + pod("api").replace("Pod", "Pud") + "---\n"
                + pod("new") + "---\n"
                + pod("bad", "''"));
        Snapshot now = await(has("web", "api", "new"));
        assertThat(find(now, "web").pod().spec().containers().getFirst().image()).isEqualTo("nginx");
        assertThat(find(now, "api").held()).isEqualTo("all.yaml has errors");
        assertThat(find(now, "web").held()).isNull();
        assertThat(texts(sources.current().getFirst().problems())).containsExactly(
                "all.yaml:7:7 kind: cannot run a Pud (v1); expected Pod, ConfigMap, Secret, DaemonSet, List or PodList; did you mean"
                        + " 'Pod'?; the"
                        + " running pod default/api-node1 stays as it was",
                "all.yaml:19:41 spec.containers[0].image: must not be empty; it is not run");
    }

    @Test
    void anUnreadableFileKeepsAllItsPods() throws Exception { // F9
        FakeSource main = add("file~main").reports("all.yaml", pod("web") + "---\n" + pod("api"));
        await(has("web", "api"));
        main.reports(List.of(new Manifest.Unreadable("all.yaml", "permission denied")));
        Snapshot now = await(s -> s.pods().values().stream().allMatch(p -> p.held() != null));
        assertThat(has("web", "api").test(now)).isTrue();
        assertThat(texts(find(now, "web").problems())).containsExactly(
                "all.yaml: cannot be read: permission denied; the running pods default/api-node1, default/web-node1"
                        + " stay as they were");
        main.reports();
        await(has());
    }

    @Test
    void aRenamedFileIsTheSamePod() throws Exception { // F6
        FakeSource main = add("file~main").reports("web.yaml", pod("web"));
        DesiredPod before = find(await(has("web")), "web");
        main.reports("site.yaml", pod("web"));
        DesiredPod now = find(await(s -> !s.pods().containsValue(before)), "web");
        assertThat(now.origin()).isEqualTo("site.yaml");
        assertThat(now.uid()).isEqualTo(before.uid());
        assertThat(now.seen()).isEqualTo(before.seen());
    }

    @Test
    void aFileThatIsRenamedAndBrokenAtOnceKeepsItsPod() throws Exception {
        FakeSource main = add("file~main").reports("web.yaml", pod("web"));
        await(has("web"));
        main.reports("site.yaml", pod("web", "''"));
        assertThat(find(await(s -> find(s, "web").held() != null), "web").origin()).isEqualTo("site.yaml");
    }

    @Test
    void ofTwoFilesWithOnePodTheOneInForceStays() throws Exception { // S5
        FakeSource main = add("file~main").reports("web.yaml", pod("web"));
        DesiredPod first = find(await(has("web")), "web");
        main.reports("a.yaml", pod("web", "nginx"), "web.yaml", pod("web"));
        Sources.Status status = awaitStatus("file~main", s -> !s.problems().isEmpty());
        assertThat(find(manifests.current().value(), "web")).isSameAs(first);
        assertThat(texts(status.problems())).containsExactly(
                "a.yaml: pod default/web-node1 is already defined by web.yaml; this one is not run until the other is"
                        + " gone");
        main.reports("a.yaml", pod("web", "nginx"));
        await(s -> find(s, "web").origin().equals("a.yaml"));
        assertThat(sources.current().getFirst().problems()).isEmpty();
    }

    @Test
    void ofTwoThatComeAtOnceTheFirstInOrderIsTaken() throws Exception { // S5
        add("file~main").reports("b.yaml", pod("web"), "a.yaml", pod("web", "nginx"));
        assertThat(find(await(has("web")), "web").origin()).isEqualTo("a.yaml");
    }

    @Test
    void aFailingSourceKeepsItsPodsAndIsTriedAgain() throws Exception { // H3
        FakeSource main = add("file~main").reports("web.yaml", pod("web"));
        DesiredPod web = find(await(has("web")), "web");
        main.fails("no such directory");
        Sources.Status failed = awaitStatus("file~main", s -> s.state() == Sources.State.FAILED);
        assertThat(failed.failure()).isEqualTo("no such directory");
        assertThat(find(manifests.current().value(), "web")).isSameAs(web);
        main.reports("web.yaml", pod("web"), "api.yaml", pod("api"));
        await(has("web", "api"));
        assertThat(awaitStatus("file~main", s -> s.state() == Sources.State.WATCHING).failure()).isNull();
    }

    @Test
    void thePodsOfAnAbsentSourceAreHeldUntilItReports() throws Exception { // decision 3
        FakeSource main = add("file~main").reports("web.yaml", pod("web"), "api.yaml", pod("api"));
        await(has("web", "api"));
        remove(main);
        Snapshot held = await(s -> find(s, "web").held() != null);
        assertThat(find(held, "web").held()).isEqualTo("source file~main is absent");
        FakeSource back = add("file~main");
        Snapshot waiting = await(s -> "source file~main has not reported yet".equals(find(s, "web").held()));
        assertThat(waiting.pods()).hasSize(2);
        back.reports("web.yaml", pod("web"));
        Snapshot now = await(has("web"));
        assertThat(find(now, "web").held()).isNull();
        assertThat(find(now, "web").seen()).isEqualTo(find(held, "web").seen());
    }

    @Test
    void aDeletedConfigurationTakesThePodsAway() throws Exception { // decision 3
        FakeSource main = add("file~main").reports("web.yaml", pod("web"));
        await(has("web"));
        manifests.withdraw("io.holdfast.source.http~main");
        manifests.withdraw("io.holdfast.reconciler");
        assertThat(manifests.current().value().pods()).hasSize(1);
        manifests.withdraw("io.holdfast.source.file~main");
        assertThat(await(has()).reported()).contains("file~main");
        assertThat(sources.current()).isEmpty();
        assertThat(main.watching()).as("somebody watches").isFalse();
        remove(main);
        assertThat(manifests.current().value().pods()).isEmpty();
    }

    @Test
    void aDeletedConfigurationTakesThePodsOfAnAbsentSourceAway() throws Exception {
        FakeSource main = add("file~main").reports("web.yaml", pod("web"));
        await(has("web"));
        remove(main);
        await(s -> find(s, "web").held() != null);
        manifests.withdraw("io.holdfast.source.file~main");
        assertThat(await(has()).reported()).contains("file~main");
    }

    @Test
    void aConfigurationDeletedWhileNobodyWasHereTakesThePodsAwayUnlessTheSourceIsBack() throws Exception {
        add("file~main").reports("web.yaml", pod("web"));
        add("http~fleet").reports("api.yaml", pod("api"));
        await(has("web", "api"));
        start();
        add("http~fleet");
        awaitStatus("http~fleet", s -> s.state() == Sources.State.STARTING);
        manifests.withdrawAbsent("http~fleet");
        manifests.withdrawAbsent("file~main");
        manifests.withdrawAbsent("file~unknown");
        assertThat(await(has("api")).reported()).containsExactly("file~main");
    }

    @Test
    void aDeletedConfigurationIsThatOfItsSourceWhateverItIsCalled() throws Exception {
        FakeSource named = add("http~fleet", "com.example.mine").reports("web.yaml", pod("web"));
        FakeSource waiting = add("http~fleet", "io.holdfast.source.http~fleet").reports("api.yaml", pod("api"));
        await(has("web"));
        manifests.withdraw("io.holdfast.source.http~fleet"); // that of the one that is not used
        remove(waiting);
        assertThat(manifests.current().value().pods()).hasSize(1);
        remove(named);
        await(s -> find(s, "web").held() != null);
        manifests.withdraw("com.example.mine");
        await(has());
    }

    @Test
    void aDeletedConfigurationEndsAllServicesThatItIsFor() throws Exception { // two jars of one bundle, say
        FakeSource one = add("file~main").reports("web.yaml", pod("web"));
        FakeSource two = add("file~main").reports("web.yaml", pod("web"));
        await(has("web"));
        manifests.withdraw("io.holdfast.source.file~main");
        remove(one);
        remove(two);
        await(has());
        assertThat(sources.current()).isEmpty();
    }

    @Test
    void whatWasTakenAwayIsKnownAfterARestartToo() throws Exception { // or else who still runs it would keep it for ever
        add("file~main").reports("web.yaml", pod("web"));
        await(has("web"));
        manifests.withdraw("io.holdfast.source.file~main");
        await(has());
        start();
        assertThat(manifests.after(0).value().reported()).containsExactly("file~main");
        assertThat(sources.current()).isEmpty();
        FakeSource back = add("file~main").reports("web.yaml", pod("web"));
        await(has("web"));
        remove(back);
        start();
        assertThat(await(has("web")).reported()).isEmpty();
    }

    @Test
    void aSourceThatIsBackIsNotTakenAwayAnyMoreBeforeItHasPods() throws Exception { // an agent may die any time
        add("file~main").reports("web.yaml", pod("web"));
        await(has("web"));
        manifests.withdraw("io.holdfast.source.file~main");
        await(has());
        start();
        add("file~main");
        for (long version = 0; sources.current().isEmpty();) {
            version = manifests.stateAfter(version).version();
        }
        assertThat(state.resolve("manifests/file~main.json")).doesNotExist();
    }

    @Test
    void aSourceWithoutPodsThatIsStoppedWasNotTakenAway() throws Exception {
        FakeSource main = add("file~main").reports(List.of());
        await(s -> s.reported().contains("file~main"));
        remove(main);
        start();
        assertThat(manifests.after(0).value().reported()).isEmpty();
    }

    @Test
    void whatIsTakenAwayWhileTheDiskIsReadStaysAway() throws Exception {
        List<Manifest> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(new Manifest.Text("p" + i + ".yaml", pod("p" + i).getBytes(UTF_8)));
        }
        add("file~main").reports(many);
        await(s -> s.pods().size() == 500);
        start();
        manifests.withdraw("io.holdfast.source.file~main");
        assertThat(await(has()).reported()).contains("file~main");
    }

    @Test
    void onlyAnAbsentSourceCanBeForgotten() throws Exception {
        FakeSource main = add("file~main").reports("web.yaml", pod("web"));
        await(has("web"));
        assertThatThrownBy(() -> sources.forget("file~main")).hasMessage(
                "source 'file~main' is there and speaks for itself; delete its configuration instead");
        assertThatThrownBy(() -> sources.forget("file~man"))
                .hasMessage("no source 'file~man'; did you mean 'file~main'?");
        remove(main);
        sources.forget("file~main");
        await(has());
    }

    @Test
    void afterARestartTheLastGoodPodsAreThereAtOnce() throws Exception { // H8
        FakeSource main = add("file~main").reports("web.yaml", pod("web"));
        DesiredPod before = find(await(has("web")), "web");
        main.reports("web.yaml", "{broken");
        await(s -> find(s, "web").held() != null);
        start();
        Cell.Versioned<Snapshot> first = manifests.after(0);
        assertThat(first.version()).isEqualTo(1);
        DesiredPod held = find(first.value(), "web");
        assertThat(held.held()).isEqualTo("source file~main has not reported yet");
        assertThat(held.pod()).isEqualTo(before.pod());
        assertThat(first.value().reported()).isEmpty();
        assertThat(sources.current().getFirst().state()).isEqualTo(Sources.State.ABSENT);
        add("file~main").reports("web.yaml", "{broken");
        DesiredPod kept = find(await(s -> !s.reported().isEmpty()), "web");
        assertThat(kept.uid()).isEqualTo(before.uid());
        assertThat(kept.held()).isEqualTo("web.yaml has errors");
    }

    @Test
    void whatChangedWhileTheAgentWasAwayIsKeptToo() throws Exception { // however quickly a source tells of it
        for (int i = 0; i < 60; i++) {
            String image = "image" + i;
            add("file~main").reports("web.yaml", pod("web", image));
            await(s -> has("web").test(s) && find(s, "web").held() == null);
            start();
            assertThat(Files.readString(state.resolve("manifests/file~main.json"))).contains("\"image\":\"" + image + '"');
        }
    }

    @Test
    void withoutAnythingOnDiskTheFirstSnapshotIsEmpty() throws Exception {
        assertThat(manifests.after(0).value()).isEqualTo(Snapshot.EMPTY);
    }

    @Test
    void aCorruptLastGoodFileIsPutAside() throws Exception {
        add("file~main").reports("web.yaml", pod("web"));
        await(has("web"));
        manifests.close();
        Path file = state.resolve("manifests/file~main.json");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        Files.writeString(file, Files.readString(file).replace("busybox", "evilbox"));
        start();
        assertThat(manifests.after(0).value().pods()).isEmpty();
        assertThat(file).doesNotExist();
        assertThat(state.resolve("manifests/file~main.json.corrupt")).exists();
    }

    @Test
    void aSecondServiceOfTheSameNameWaitsForTheFirst() throws Exception {
        FakeSource main = add("file~main").reports("web.yaml", pod("web"));
        await(has("web"));
        add("file~main").reports("api.yaml", pod("api"));
        remove(main);
        await(has("api"));
    }

    @Test
    void manyManifestsCostOnlyWhatChanged() throws Exception { // decision 8
        List<Manifest> many = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            many.add(new Manifest.Text("p" + i + ".yaml", pod("p" + i).getBytes(UTF_8)));
        }
        FakeSource main = add("file~main").reports(many);
        Snapshot all = await(s -> s.pods().size() == 2000);
        many = new ArrayList<>(many);
        many.set(7, new Manifest.Text("p7.yaml", pod("p7", "nginx").getBytes(UTF_8)));
        main.reports(many);
        Snapshot now = await(s -> !find(s, "p7").uid().equals(find(all, "p7").uid()));
        now.pods().values().stream().filter(p -> !p.name().name().equals("p7-node1"))
                .forEach(p -> assertThat(p).isSameAs(all.pods().get(p.name())));
    }
}

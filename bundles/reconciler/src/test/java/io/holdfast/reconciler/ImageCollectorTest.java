package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.NOW;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.pod.Container.ImagePullPolicy;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.ImageStore.Space;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.Security;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.DesiredPods;
import io.holdfast.testkit.FakeRuntime;

@Timeout(10)
class ImageCollectorTest { // G1

    private static final long MB = 1_000_000; // what each image of the fake has

    @TempDir
    Path directory;

    private final FakeRuntime runtime = new FakeRuntime();
    private Instant now = NOW;
    private Map<PodName, DesiredPod> wanted = Map.of();
    private ImageCollector collector;

    @BeforeEach
    void begin() {
        collector = collector(new ImageRules(85, 80, Duration.ofMinutes(2), Duration.ofMinutes(5), Set.of("fake")));
    }

    private ImageCollector collector(ImageRules rules) {
        Kit kit = Kit.of(TestPods.TestNode.in(directory), Settings.DEFAULT, () -> now);
        return new ImageCollector(rules, kit, () -> new DesiredPods.Snapshot(wanted, Set.of(), Map.of()),
                () -> Map.of("fake", new Kit.Engine("fake", "fake", runtime, "", RuntimeInfo.Cgroups.Unknown)));
    }

    @Test
    void whileTheDiskHasRoomNothingIsRemoved() throws InterruptedException {
        images("a", "b");
        runtime.disk(100 * MB, 16 * MB);
        collector.round();
        assertThat(runtime.calls()).isEmpty();
    }

    @Test
    void asManyAreRemovedAsItTakesThoseFirstThatWereNotUsedForTheLongestTime() throws InterruptedException {
        images("old", "newer", "newest", "unused");
        runtime.disk(100 * MB, 50 * MB);
        for (String image : List.of("old", "newer", "newest")) {
            use(image);
            collector.round();
            now = now.plusSeconds(60);
            runtime.removeSandbox(sandbox());
        }
        runtime.disk(100 * MB, 15 * MB);
        collector.round();
        assertThat(discarded()).containsExactly("unused", "old", "newer", "newest"); // 5 MB are to be freed
        assertThat(runtime.images()).isEmpty();
    }

    @Test
    void noMoreThanItTakes() throws InterruptedException {
        images("a", "b", "c", "d");
        runtime.disk(10 * MB, MB);
        collector.round();
        assertThat(discarded()).hasSize(1);
        assertThat(runtime.space()).isEqualTo(new Space(10 * MB, 2 * MB));
    }

    @Test
    void whatAContainerHasOrAManifestWantsStays() throws InterruptedException {
        images("used", "wanted", "neither");
        use("used");
        DesiredPod web = pod("web").with(TestPods.app().image("wanted", ImagePullPolicy.Always)).desired();
        wanted = Map.of(web.name(), web);
        runtime.disk(100 * MB, MB);
        collector.round();
        assertThat(discarded()).containsExactly("neither");
    }

    @Test
    void whatHasJustComeStaysForAWhile() throws InterruptedException {
        collector.round();
        images("new");
        runtime.disk(100 * MB, MB);
        collector.round();
        now = now.plusSeconds(119);
        collector.round();
        assertThat(discarded()).isEmpty();
        now = now.plusSeconds(1);
        collector.round();
        assertThat(discarded()).containsExactly("new");
    }

    @Test
    void anImageThatCannotBeRemovedKeepsNoOtherOne() throws InterruptedException {
        images("a", "b");
        runtime.refuse("discard image-of-a", "it is the parent of another");
        runtime.disk(100 * MB, MB);
        collector.round();
        assertThat(runtime.images()).extracting(i -> i.references().getFirst()).containsExactly("a");
    }

    @Test
    void anEngineThatIsAwayIsAskedAgain() throws InterruptedException {
        images("a");
        runtime.disk(100 * MB, MB);
        runtime.disconnect();
        collector.round();
        runtime.connect();
        collector.round();
        assertThat(discarded()).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({ "100, cri", "100, fake", "85, cri" })
    void imagesThatAreNotOursAreLeftAlone(int high, String runtimes) throws InterruptedException {
        collector = collector(new ImageRules(high, 80, Duration.ZERO, Duration.ofMinutes(5), Set.of(runtimes)));
        images("a");
        runtime.disk(100 * MB, 0);
        collector.round();
        assertThat(discarded()).isEmpty();
    }

    private void images(String... names) {
        List.of(names).forEach(runtime::addImage);
    }

    private List<String> discarded() {
        return runtime.calls().stream().filter(call -> call.startsWith("discard")).map(call -> call.replace("discard image-of-", ""))
                .toList();
    }

    /** Until the sandbox goes. */
    private void use(String image) throws InterruptedException {
        SandboxSpec sandbox = new SandboxSpec(TestPods.name("web"), "v1", 0, "web", directory, Map.of(Names.MANAGED, "true"), Map.of(),
                new SandboxSpec.Namespaces(true, SandboxSpec.Namespaces.Pid.Container, false), List.of(), null, "", "", false,
                Map.of(), null);
        runtime.create(runtime.runSandbox(sandbox), sandbox, new ContainerSpec("app", 0, "image-of-" + image, image, List.of(),
                List.of(), "", List.of(), List.of(), Map.of(), Map.of(), "app/0.log", new ContainerSpec.Resources(2, 0, 0, 0, 0),
                new ContainerSpec.Terminal(false, false, false), Security.DEFAULT, ""));
    }

    private SandboxId sandbox() throws InterruptedException {
        return runtime.pods().getFirst().sandboxes().getFirst().id();
    }
}

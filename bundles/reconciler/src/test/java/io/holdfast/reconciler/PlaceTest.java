package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.holdfast.runtime.RuntimeInfo;
import io.holdfast.testkit.FakeRuntime;

class PlaceTest {

    private static final Target CRI = new Target.To("cri", "");
    private static final Target DOCKER = new Target.To("docker", "");
    private static final Target UNWANTED = new Target.None("");

    private static Place place(Target target, Set<String> lives, String... there) {
        Map<String, Kit.Engine> engines = Stream.of(there).collect(Collectors.toMap(Function.identity(), PlaceTest::engine));
        return Place.of(target, lives, engines, false);
    }

    private static Kit.Engine engine(String name) {
        return new Kit.Engine(name, name, new FakeRuntime(), "", RuntimeInfo.Cgroups.Unknown);
    }

    private static String said(Place place) {
        return switch (place) {
            case Place.At(Kit.Engine at) -> "at " + at.name() + at.handler();
            case Place.From(Kit.Engine from, Kit.Engine to) -> "from " + from.name() + " to " + to.name();
            case Place.Nowhere(String why) -> "nowhere: " + why;
        };
    }

    @Test
    void aNewPodRunsWhereItIsWanted() {
        assertThat(said(place(CRI, Set.of(), "cri", "docker"))).isEqualTo("at cri");
        assertThat(said(place(new Target.To("cri", "runsc"), Set.of(), "cri"))).isEqualTo("at crirunsc");
        assertThat(said(place(CRI, Set.of("cri"), "cri", "docker"))).isEqualTo("at cri");
    }

    @Test
    void onePlacedElsewhereMoves() {
        assertThat(said(place(CRI, Set.of("docker"), "cri", "docker"))).isEqualTo("from docker to cri");
        assertThat(said(place(DOCKER, Set.of("cri", "docker"), "cri", "docker"))).isEqualTo("from cri to docker");
    }

    @Test
    void whereItIsToGoMustBeThereBeforeItLeaves() {
        assertThat(said(place(CRI, Set.of("docker"), "docker"))).isEqualTo("at docker");
        assertThat(said(place(new Target.None("no class"), Set.of("docker"), "docker"))).isEqualTo("at docker");
    }

    @Test
    void itDoesNothingWhileWhereItIsToGoMayBeOnItsWayUp() {
        assertThat(said(Place.of(CRI, Set.of("docker"), Map.of("docker", engine("docker")), true)))
                .isEqualTo("nowhere: it waits for runtime cri");
    }

    @Test
    void whatMayRunElsewhereIsNotStartedHere() { // design decision 7
        assertThat(said(place(CRI, Set.of("docker"), "cri")))
                .isEqualTo("nowhere: it runs on runtime docker, which is not there");
        assertThat(said(place(CRI, Set.of("docker")))).isEqualTo("nowhere: it runs on runtime docker, which is not there");
    }

    @Test
    void withoutItsRuntimeItWaits() {
        assertThat(said(place(CRI, Set.of(), "docker"))).isEqualTo("nowhere: runtime cri is not there");
        assertThat(said(place(CRI, Set.of("cri"), "docker"))).isEqualTo("nowhere: runtime cri is not there");
        assertThat(said(place(new Target.None("no class"), Set.of(), "docker"))).isEqualTo("nowhere: no class");
    }

    @Test
    void anUnwantedPodIsLookedForWhereverItMayBe() {
        assertThat(said(place(UNWANTED, Set.of("docker"), "cri", "docker"))).isEqualTo("at docker");
        assertThat(said(place(UNWANTED, Set.of("cri", "docker"), "docker"))).isEqualTo("at docker");
        assertThat(said(place(UNWANTED, Set.of("docker"), "cri"))).startsWith("nowhere: it runs on runtime docker");
        assertThat(said(place(UNWANTED, Set.of(), "cri"))).isEqualTo("nowhere: ");
    }
}

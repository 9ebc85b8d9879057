package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.command;
import static io.holdfast.reconciler.TestPods.container;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.holdfast.pod.Handler;
import io.holdfast.pod.IntOrString;
import io.holdfast.pod.PodSpec;
import io.holdfast.runtime.ObservedPod.State;

/** Behaviours R7, T1, T2: how a container ends is written on it. */
class EndingTest {

    private static final PodSpec POD = pod("web-n").grace(7).init(container("one")).init(container("proxy").sidecar())
            .init(container("later").sidecar()).with(app().preStop(command("say", "good bye", "", "ü+&%"))).made().spec();

    static Stream<Handler> hooks() {
        return Stream.of(command("true"), command("sh", "-c", "echo a  b\n"), new Handler.Sleep(5),
                new Handler.HttpGet("/bye?x=1 2", new IntOrString.Number(8080), "192.0.2.9", "HTTPS",
                        List.of(new Handler.Header("X-A", "b c"), new Handler.Header("X-A", ""))),
                new Handler.HttpGet("/", new IntOrString.Name("nobody"), null, "HTTP", List.of()));
    }

    @ParameterizedTest
    @MethodSource("hooks")
    void aHookIsReadAsItWasWritten(Handler hook) {
        assertThat(HookText.of(hook)).doesNotContain("\n");
        assertThat(HookText.read(HookText.of(hook))).isEqualTo(hook);
    }

    @Test
    void whatIsWrittenOnAContainerSaysHowItEnds() {
        for (var container : Containers.all(POD)) {
            Ending ending = Ending.of(POD, container);
            assertThat(Ending.of(TestPods.observed("x", 0, new State.Created(), ending.annotations()))).isEqualTo(ending);
        }
        assertThat(Ending.of(POD, POD.containers().getFirst())).isEqualTo(
                new Ending(Duration.ofSeconds(7), -1, false, command("say", "good bye", "", "ü+&%")));
        assertThat(Ending.of(POD, POD.initContainers().get(1)))
                .isEqualTo(new Ending(Duration.ofSeconds(7), 1, true, null));
    }

    @Test
    void oneWithNothingWrittenOnItHasTheUsualGrace() {
        assertThat(Ending.of(TestPods.observed("x", 0, new State.Created(), Map.of())))
                .isEqualTo(new Ending(Duration.ofSeconds(30), -1, false, null));
    }

    @Test
    void sidecarsFollowTheOthersTheLastOneFirst() { // C6
        Ending main = Ending.of(POD, POD.containers().getFirst());
        Ending once = Ending.of(POD, POD.initContainers().get(0));
        Ending proxy = Ending.of(POD, POD.initContainers().get(1));
        Ending later = Ending.of(POD, POD.initContainers().get(2));
        assertThat(proxy.follows(main)).isTrue();
        assertThat(proxy.follows(once)).isTrue();
        assertThat(proxy.follows(later)).isTrue();
        assertThat(later.follows(proxy)).isFalse();
        assertThat(main.follows(proxy)).isFalse();
        assertThat(proxy.follows(proxy)).isFalse();
    }

    @Test
    void aHooksPortIsWrittenByItsNumber() {
        Handler byName = new Handler.HttpGet("/", new IntOrString.Name("web"), null, "HTTP", List.of());
        PodSpec spec = pod("web-n").with(app().port("web", 8080).preStop(byName)).made().spec();
        assertThat(Ending.of(spec, spec.containers().getFirst()).annotations()).containsEntry(Ending.PRE_STOP,
                "httpGet HTTP  8080 %2F");
    }

    @Test
    void whatNobodyWroteIsNotRead() {
        assertThatThrownBy(() -> HookText.read("dance")).isInstanceOf(IllegalArgumentException.class);
    }
}

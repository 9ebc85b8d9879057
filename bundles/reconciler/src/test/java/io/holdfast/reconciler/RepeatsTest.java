package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.NOW;
import static io.holdfast.reconciler.TestPods.pod;
import static io.holdfast.reconciler.TestPods.ready;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

class RepeatsTest {

    private static final List<Step> STOP = List.of(new Step.StopPod(ready("v1", 0), "x"));
    private static final List<Step> RUN = List.of(new Step.RunSandbox(pod("web-n").desired(), 0));

    private final Repeats repeats = new Repeats(Settings.DEFAULT.retry());

    @Test
    void theSameStepsWaitLongerEachTime() {
        assertThat(repeats.tooSoon(STOP, NOW)).isEmpty();
        repeats.done(STOP, NOW);
        assertThat(repeats.tooSoon(STOP, NOW)).contains(NOW.plusSeconds(1));
        assertThat(repeats.tooSoon(STOP, NOW.plusSeconds(1))).isEmpty();
        repeats.done(STOP, NOW.plusSeconds(1));
        assertThat(repeats.tooSoon(STOP, NOW.plusSeconds(1))).contains(NOW.plusSeconds(3));
    }

    @Test
    void otherStepsNeedNotWait() {
        repeats.done(STOP, NOW);
        assertThat(repeats.tooSoon(RUN, NOW)).isEmpty();
    }

    @Test
    void theyAreForgottenOnceNothingIsLeftToDo() {
        repeats.done(STOP, NOW);
        repeats.done(List.of(), NOW);
        assertThat(repeats.tooSoon(STOP, NOW)).isEmpty();
    }

    @Test
    void whatMayHaveBecomePossibleNeedNotWait() {
        repeats.done(RUN, NOW);
        repeats.forgive();
        assertThat(repeats.tooSoon(RUN, NOW)).isEmpty();
    }
}

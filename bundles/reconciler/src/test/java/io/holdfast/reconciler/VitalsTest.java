package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import io.holdfast.reconciler.Vitals.Vital;
import io.holdfast.runtime.ContainerRuntime.ContainerId;

class VitalsTest {

    private static final ContainerId APP = new ContainerId("app");

    @Test
    void whatHasNeitherHooksNorProbesIsWell() { // P2
        assertThat(Vitals.NONE.started(APP)).isTrue();
        assertThat(Vitals.NONE.ready(APP)).isTrue();
        assertThat(Vitals.NONE.failure(APP)).isEmpty();
    }

    @Test
    void nothingIsReadyBeforeItIsStarted() { // C8
        Vitals vitals = Vitals.NONE.with(APP, new Vital(false, true, null));
        assertThat(vitals.ready(APP)).isFalse();
        assertThat(vitals.changed(APP, Vital::starts).ready(APP)).isTrue();
    }

    @Test
    void sayingTheSameAgainChangesNothing() {
        Vitals vitals = Vitals.NONE.with(APP, new Vital(true, true, null));
        assertThat(vitals.changed(APP, v -> v.passing(true))).isSameAs(vitals);
        assertThat(vitals.changed(APP, v -> v.passing(false))).isNotEqualTo(vitals);
    }

    @Test
    void whatIsSaidOfAContainerThatIsGoneIsNotHeard() {
        Vitals gone = Vitals.NONE.with(APP, new Vital(true, true, null)).without(APP);
        assertThat(gone.changed(APP, v -> v.fails(new Vitals.Failure("failed liveness probe", null)))).isSameAs(gone);
    }
}

package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;

import org.junit.jupiter.api.Test;

class ChoicesTest {

    @Test
    void withoutConfigurationItIsDecidedByWhatAnswers() {
        assertThat(Choices.of(Map.of("component.id", 1L))).isEqualTo(Choices.NONE);
    }

    @Test
    void aClassStandsForARuntimeAndMaybeItsHandler() {
        assertThat(Choices.of(Map.of("default", "docker", "class.gvisor", "cri/runsc", "class.old", "docker")))
                .isEqualTo(new Choices("docker",
                        Map.of("gvisor", new Target.To("cri", "runsc"), "old", new Target.To("docker", ""))));
    }

    @Test
    void whatCannotBeReadIsToldWithItsKey() {
        assertThatIllegalArgumentException().isThrownBy(() -> Choices.of(Map.of("service.pid", Choices.PID, "defualt", "cri")))
                .withMessage("io.holdfast.runtimes: cannot read 'defualt'; did you mean 'default'?");
        assertThatIllegalArgumentException().isThrownBy(() -> Choices.of(Map.of("class.gvisor", "/runsc")))
                .withMessageContaining("class.gvisor '/runsc': expected RUNTIME or RUNTIME/HANDLER");
        assertThatIllegalArgumentException().isThrownBy(() -> Choices.of(Map.of("service.pid", Choices.PID, "class.", "cri")))
                .withMessageContaining("cannot read 'class.'");
    }
}

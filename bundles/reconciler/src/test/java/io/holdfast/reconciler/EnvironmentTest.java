package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.reconciler.TestPods.ContainerDraft;
import io.holdfast.runtime.ContainerSpec.Env;

class EnvironmentTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', value = {"$(A) | 1", "x$(A)y$(B) | x1y2 2", "$$(A) | $(A)", "$$$(A) | $1", "$$ | $", "$A | $A",
            "$(NOBODY) | $(NOBODY)", "$( | $(", "$(A | $(A", "$() | $()", "$(D) | $1\\2", "a$ | a$", "$(A$(A)) | $(A$(A))"})
    void expandsReferences(String text, String expanded) {
        Environment environment = environment(app().env("A", "1").env("B", "2 2").env("D", "$1\\2"));
        assertThat(environment.expand(List.of(text))).containsExactly(expanded);
    }

    @Test
    void aVariableMayReferToThoseBeforeIt() {
        assertThat(environment(app().env("A", "$(B)").env("B", "b").env("C", "$(B)$(A)")).list())
                .containsExactly(new Env("A", "$(B)"), new Env("B", "b"), new Env("C", "b$(B)"));
    }

    @Test
    void aVariableSetAgainKeepsItsPlaceAndSeesItsOldValue() {
        assertThat(environment(app().env("P", "/bin").env("X", "x").env("P", "$(P):/opt")).list())
                .containsExactly(new Env("P", "/bin:/opt"), new Env("X", "x"));
    }

    @Test
    void valuesAreNotExpandedTwice() {
        assertThat(environment(app().env("A", "$$(B)").env("B", "b").env("C", "$(A)")).list())
                .contains(new Env("C", "$(B)"));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', value = {"metadata.name | web-n", "metadata.namespace | default", "metadata.uid | v1",
            "metadata.labels['app'] | web", "metadata.annotations['example.com/a.b'] | yes", "metadata.labels['none'] | ''",
            "spec.nodeName | n", "spec.serviceAccountName | ''", "status.hostIP | 192.0.2.1", "status.hostIPs | 192.0.2.1",
            "status.podIP | 10.0.0.1", "status.podIPs | 10.0.0.1,fd00::1"})
    void readsFields(String path, String value) {
        assertThat(environment(app().field("F", path)).list()).containsExactly(new Env("F", value));
    }

    @Test
    void fieldValuesAreTakenAsTheyAre() {
        Environment environment = new Environment(app().env("A", "a").field("F", "metadata.labels['app']").made(),
                pod("web-n").label("app", "$(A)").made(), node(), List.of());
        assertThat(environment.list()).contains(new Env("F", "$(A)"));
    }

    @Test
    void withoutAnAddressTheFieldIsEmpty() {
        Environment environment = new Environment(app().field("F", "status.podIP").made(), pod("web-n").made(), node(),
                List.of());
        assertThat(environment.list()).containsExactly(new Env("F", ""));
    }

    @Test
    void aFieldThatTheReaderShouldHaveRefusedIsAFault() {
        assertThatThrownBy(() -> environment(app().field("F", "status.phase"))).hasMessageContaining("status.phase");
    }

    private static Environment environment(ContainerDraft container) {
        return new Environment(container.made(),
                pod("web-n").label("app", "web").annotation("example.com/a.b", "yes").made(), node(),
                List.of("10.0.0.1", "fd00::1"));
    }

    private static TestPods.TestNode node() {
        return TestPods.TestNode.in(Path.of("/nowhere"));
    }
}

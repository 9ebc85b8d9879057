package io.holdfast.shell;

import static io.holdfast.shell.Views.RUNNING;
import static io.holdfast.shell.Views.podStatus;
import static io.holdfast.shell.Views.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.pod.PodName;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodView;

final class PodFinderTest {

    private static final PodStatus STATUS = podStatus(Phase.Running, List.of(), status("web", RUNNING));
    private final PodFinder finder = new PodFinder("pod:describe", List.of(Views.view("web-node1", STATUS),
            Views.view("web-api-node1", STATUS), in("blue", "db-node1"), in("green", "db-node1")));

    @ParameterizedTest
    @CsvSource({"web-node1, default/web-node1", "default/web-node1, default/web-node1", "web, default/web-node1",
            "web-api, default/web-api-node1", "blue/db-node1, blue/db-node1", "green/db, green/db-node1"})
    void a_pod_is_found_by(String wanted, String found) {
        assertThat(finder.find(wanted).name()).hasToString(found);
    }

    @Test
    void an_unknown_name_is_answered_with_the_nearest() {
        assertThatThrownBy(() -> finder.find("wbe"))
                .hasMessage("pod:describe: no pod named 'wbe'; did you mean 'web-node1'?");
        assertThatThrownBy(() -> finder.find("web-nod1")).hasMessageEndingWith("did you mean 'web-node1'?");
        assertThatThrownBy(() -> finder.find("cache")).hasMessage("pod:describe: no pod named 'cache'");
    }

    @Test
    void an_ambiguous_name_is_answered_with_the_choice() {
        assertThatThrownBy(() -> finder.find("db"))
                .hasMessage("pod:describe: 'db' is more than one pod: blue/db-node1, green/db-node1");
    }

    private static PodView in(String namespace, String name) {
        return Views.view(new PodName(namespace, name), Views.desired(name, null, List.of()), false, STATUS);
    }
}

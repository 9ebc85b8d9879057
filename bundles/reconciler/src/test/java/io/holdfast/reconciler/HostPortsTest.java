package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.container;
import static io.holdfast.reconciler.TestPods.name;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.holdfast.pod.Container.Protocol;
import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec;

class HostPortsTest { // R9

    private static final PodSpec PORT_80 = spec(80, null, Protocol.TCP);
    private static final PodSpec NO_PORT = pod("x").made().spec();

    private final HostPorts ports = new HostPorts();
    private final List<PodName> told = new ArrayList<>();

    @Test
    void aPortBelongsToOnePod() {
        assertThat(take("a", PORT_80)).isEmpty();
        assertThat(take("b", PORT_80)).contains("host port 80/TCP is taken by pod default/a");
    }

    @Test
    void aPodMayTakeItsOwnAgain() {
        take("a", PORT_80);
        assertThat(take("a", PORT_80)).isEmpty();
    }

    @Test
    void twoPodsMaySwapTheirs() {
        take("a", PORT_80);
        take("b", spec(81, null, Protocol.TCP));
        assertThat(take("a", spec(81, null, Protocol.TCP))).contains("host port 81/TCP is taken by pod default/b");
        assertThat(take("b", PORT_80)).as("which a does not have any more").isEmpty();
        assertThat(told).containsExactly(name("a"));
        assertThat(take("a", spec(81, null, Protocol.TCP))).isEmpty();
    }

    @Test
    void whoWaitsWakesNobody() {
        take("a", PORT_80);
        take("b", PORT_80);
        take("c", PORT_80);
        take("b", PORT_80);
        assertThat(told).isEmpty();
    }

    @Test
    void protocolsAndAddressesAreApart() {
        take("a", spec(80, "192.0.2.1", Protocol.TCP));
        assertThat(take("b", spec(80, "192.0.2.2", Protocol.TCP))).isEmpty();
        assertThat(take("c", spec(80, null, Protocol.UDP))).isEmpty();
        assertThat(take("d", spec(81, null, Protocol.TCP))).isEmpty();
    }

    @Test
    void allAddressesCollideWithEachOfThem() {
        take("a", spec(80, "192.0.2.1", Protocol.TCP));
        assertThat(take("b", PORT_80)).isPresent();
        assertThat(take("c", spec(80, "0.0.0.0", Protocol.TCP))).isPresent();
    }

    @Test
    void aSidecarHasItsPortsAndAnInitContainerThatEndsHasNone() {
        PodSpec init = pod("a").init(container("once").hostPort(80)).with(app()).made().spec();
        assertThat(HostPorts.of(init)).isEmpty();
        assertThat(take("a", pod("a").init(container("proxy").sidecar().hostPort(80)).with(app()).made().spec())).isEmpty();
        assertThat(take("b", PORT_80)).contains("host port 80/TCP is taken by pod default/a");
    }

    @Test
    void allOrNone() {
        take("a", PORT_80);
        PodSpec both = pod("b").with(app().hostPort(81).hostPort(80)).made().spec();
        assertThat(take("b", both)).isPresent();
        assertThat(take("c", spec(81, null, Protocol.TCP))).isEmpty();
    }

    @Test
    void whoWaitsIsToldOnceAPortIsGivenBack() {
        take("a", PORT_80);
        take("b", PORT_80);
        assertThat(told).isEmpty();
        ports.give(name("a"), told::add);
        assertThat(told).containsExactly(name("b"));
        assertThat(take("b", PORT_80)).isEmpty();
    }

    @Test
    void whoWaitsIsToldOnceAnEditedPodLeavesAPort() {
        take("a", PORT_80);
        take("b", PORT_80);
        take("a", spec(8080, null, Protocol.TCP));
        assertThat(told).contains(name("b"));
        take("c", PORT_80);
        take("d", PORT_80);
        take("c", NO_PORT);
        assertThat(take("d", PORT_80)).isEmpty();
    }

    @Test
    void whoWaitsNoMoreIsNotTold() {
        take("a", PORT_80);
        take("b", PORT_80);
        take("b", NO_PORT);
        told.clear();
        ports.give(name("a"), told::add);
        assertThat(told).isEmpty();
    }

    @Test
    void aPodThatRunsHasItsPortsWhoeverElseWantsThem() {
        ports.seize(name("a"), PORT_80);
        assertThat(take("b", PORT_80)).isPresent();
    }

    @Test
    void givingTwiceTellsOnce() {
        take("a", PORT_80);
        take("b", PORT_80);
        ports.give(name("a"), told::add);
        ports.give(name("a"), told::add);
        assertThat(told).hasSize(1);
    }

    private Optional<String> take(String pod, PodSpec spec) {
        return ports.take(name(pod), spec, told::add);
    }

    private static PodSpec spec(int port, @org.jspecify.annotations.Nullable String ip, Protocol protocol) {
        return pod("x").with(app().hostPort(port, ip, protocol)).made().spec();
    }
}

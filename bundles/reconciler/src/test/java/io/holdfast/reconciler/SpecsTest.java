package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.pod.PodSpec;
import io.holdfast.pod.SecurityContext.SeLinuxOptions;
import io.holdfast.reconciler.ConfinedPods.OfContainer;
import io.holdfast.reconciler.ConfinedPods.OfPod;
import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.Security.SeLinux;

/** What an engine is asked for. */
class SpecsTest {

    @TempDir
    Path dir;

    private SandboxSpec sandbox(PodSpec spec) throws Exception {
        return specs(spec).sandbox(0, "", "", Policy.DEFAULT);
    }

    private Specs specs(PodSpec spec) {
        return Specs.of(TestPods.TestNode.in(dir), ConfinedPods.desired(spec));
    }

    @Test
    void aSandboxHasWhatItsContainersNeed() throws Exception {
        var plain = ConfinedPods.container(null, null);
        var privileged = ConfinedPods.container(new OfContainer().privileged().made(), null);
        assertThat(sandbox(ConfinedPods.spec(null, false, false, plain)).privileged()).isFalse();

        SandboxSpec made = sandbox(ConfinedPods.spec(new OfPod().sysctl("net.ipv4.tcp_syncookies", "1")
                .seLinux(new SeLinuxOptions("u", null, null, null)).made(), false, false, plain, privileged));
        assertThat(made.privileged()).isTrue();
        assertThat(made.sysctls()).isEqualTo(Map.of("net.ipv4.tcp_syncookies", "1"));
        assertThat(made.seLinux()).isEqualTo(new SeLinux("u", "", "", ""));
    }

    @Test
    void aContainerIsConfinedAndStoppedAsItsManifestSays() throws Exception {
        var container = ConfinedPods.container(new OfContainer().user(7).made(), "SIGUSR1");
        Specs specs = specs(ConfinedPods.spec(null, false, false, container));
        Environment none = new Environment(container, new PodFields(specs.desired().pod(), specs.node(), List.of()),
                new ConfigObjects("default", Map.of()));
        ContainerSpec made = specs.container(container, 0, new RestartDelay(Optional.empty()),
                new Image("id", "busybox:1", "", 1), new ContainerConfig(none, List.of(), ""), Policy.DEFAULT);
        assertThat(made.security().uid()).isEqualTo(7);
        assertThat(made.stopSignal()).isEqualTo("SIGUSR1");
    }
}

package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.pod.PodSpec;
import io.holdfast.reconciler.ConfinedPods.OfPod;

/** Which kernel parameters a pod may have. */
class SysctlsTest {

    private static PodSpec with(String name, boolean hostNetwork, boolean hostIpc) {
        return ConfinedPods.spec(new OfPod().sysctl(name, "1").made(), hostNetwork, hostIpc,
                ConfinedPods.container(null, null));
    }

    @ParameterizedTest(name = "{0}, allowed: {1}, hostNetwork {2}, hostIPC {3}")
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "net.ipv4.tcp_syncookies                | ''                | false | false | -",
            "net/ipv4/tcp_syncookies                | ''                | false | false | -",
            "kernel.shm_rmid_forced                 | ''                | false | false | -",
            "net.ipv4.tcp_syncookies                | ''                | true  | false | not allowed with hostNetwork",
            "kernel.shm_rmid_forced                 | ''                | false | true  | not allowed with hostIPC",
            "kernel.shm_rmid_forced                 | ''                | true  | false | -",
            "net.core.somaxconn                     | ''                | false | false | none of the safe ones",
            "net.core.somaxconn                     | net.core.somaxconn | false | false | -",
            "net.core.somaxconn                     | net.core.*        | false | false | -",
            "net.core.somaxconn                     | net.ipv4.*        | false | false | none of the safe ones",
            "net.core.somaxconn                     | net.*             | true  | false | not allowed with hostNetwork",
            "kernel.msgmax                          | kernel.msg*       | false | false | -",
            "fs.mqueue.msg_max                      | fs.mqueue.*       | false | true  | not allowed with hostIPC",
            "vm.swappiness                          | vm.*              | false | false | the whole node's" })
    void mayBeSet(String name, String allowed, boolean hostNetwork, boolean hostIpc, @Nullable String why) { // G5
        Policy policy = new Policy(Path.of("/"), allowed.isEmpty() ? List.of() : List.of(allowed), Optional.empty());
        var forbidden = Sysctls.forbidden(with(name, hostNetwork, hostIpc), policy);
        if (why == null) {
            assertThat(forbidden).isEmpty();
        } else {
            assertThat(forbidden.orElse("")).startsWith("forbidden sysctl: \"" + name + "\": ").contains(why);
        }
    }

    @Test
    void areGivenToTheEngineWithDots() {
        assertThat(Sysctls.of(with("net/ipv4/conf/eth0.1/forwarding", false, false)))
                .isEqualTo(Map.of("net.ipv4.conf.eth0/1.forwarding", "1"));
        assertThat(Sysctls.of(with("net.ipv4.tcp_syncookies", false, false)))
                .isEqualTo(Map.of("net.ipv4.tcp_syncookies", "1"));
        assertThat(Sysctls.of(ConfinedPods.spec(null, false, false))).isEmpty();
    }
}

package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.runtime.RuntimeInfo.Cgroups;
import io.holdfast.status.PodStatus.QosClass;

class PodCgroupTest { // G6

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "Cgroupfs, Guaranteed, root/poda-b, /root/poda-b",
        "Cgroupfs, Burstable, root/burstable/poda-b, /root/burstable/poda-b",
        "Cgroupfs, BestEffort, root/besteffort/poda-b, /root/besteffort/poda-b",
        "Systemd, Guaranteed, root.slice/root-poda_b.slice, root-poda_b.slice",
        "Systemd, Burstable, root.slice/root-burstable.slice/root-burstable-poda_b.slice, root-burstable-poda_b.slice"})
    void isWhereTheKubeletWouldHaveIt(Cgroups driver, QosClass qos, Path path, String parent) {
        PodCgroup group = PodCgroup.of(driver, "root", qos, "a-b");
        assertThat(group.path()).isEqualTo(path);
        assertThat(group.parent()).isEqualTo(parent);
        assertThat(group.isOf("a-b")).isTrue();
    }

    @Test
    void isNoOtherPods() {
        PodCgroup group = PodCgroup.of(Cgroups.Cgroupfs, "root", QosClass.Burstable, "a-b");
        assertThat(group.isOf("b")).isFalse();
        assertThat(new PodCgroup(Path.of("")).isOf("")).isFalse();
        assertThat(new PodCgroup(Path.of("poda-b")).isOf("a-b")).isFalse();
    }

    @Test
    void aUidThatEndsLikeASliceIsNone() {
        assertThat(PodCgroup.of(Cgroups.Cgroupfs, "root", QosClass.Guaranteed, "a.slice").isSlice()).isFalse();
    }
}

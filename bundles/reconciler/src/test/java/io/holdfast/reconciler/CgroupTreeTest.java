package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.runtime.RuntimeInfo.Cgroups;
import io.holdfast.status.PodStatus.QosClass;

/** On directories that look like cgroups; on real ones see the integration tests. */
class CgroupTreeTest { // G6

    private static final PodLimits LIMITS = new PodLimits(512, 50_000, 64 << 20);
    private static final PodLimits NONE = new PodLimits(2, 0, 0);

    @TempDir
    Path mount;

    private CgroupTree tree;

    @BeforeEach
    void mounted() {
        tree = new CgroupTree(mount);
    }

    private void version1() throws IOException {
        Files.createDirectories(mount.resolve("cpu"));
        Files.createDirectories(mount.resolve("memory"));
        Files.createDirectories(mount.resolve("pids"));
    }

    private void version2() throws IOException {
        Files.writeString(mount.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
    }

    private static PodCgroup group(QosClass qos, String uid) {
        return PodCgroup.of(Cgroups.Cgroupfs, "root", qos, uid);
    }

    @Test
    void version1HasLimitsInTheHierarchyOfEachController() throws IOException {
        version1();
        tree.make(group(QosClass.Burstable, "a"), LIMITS);
        Path cpu = mount.resolve("cpu/root/burstable/poda");
        assertThat(cpu.resolve("cpu.shares")).hasContent("512");
        assertThat(cpu.resolve("cpu.cfs_period_us")).hasContent("100000");
        assertThat(cpu.resolve("cpu.cfs_quota_us")).hasContent("50000");
        assertThat(mount.resolve("memory/root/burstable/poda/memory.limit_in_bytes")).hasContent("67108864");
    }

    @Test
    void version2HasThemInOneAndPassesControllersDown() throws IOException {
        version2();
        tree.make(group(QosClass.Burstable, "a"), LIMITS);
        Path pod = mount.resolve("root/burstable/poda");
        assertThat(pod.resolve("cpu.weight")).hasContent("20");
        assertThat(pod.resolve("cpu.max")).hasContent("50000 100000");
        assertThat(pod.resolve("memory.max")).hasContent("67108864");
        for (String level : new String[] {"", "root", "root/burstable"}) {
            assertThat(mount.resolve(level).resolve("cgroup.subtree_control")).hasContent("+cpu +memory");
        }
    }

    @Test
    void whatHasNoLimitIsLeftAsTheKernelMadeIt() throws IOException {
        version1();
        tree.make(group(QosClass.BestEffort, "a"), NONE);
        assertThat(mount.resolve("cpu/root/besteffort/poda/cpu.cfs_quota_us")).doesNotExist();
        assertThat(mount.resolve("memory/root/besteffort/poda")).isEmptyDirectory();
    }

    @Test
    void aClassWeighsWhatItsPodsDo() throws IOException {
        version1();
        tree.make(group(QosClass.Burstable, "a"), LIMITS);
        Files.createDirectories(mount.resolve("cpu/root/burstable/podgoing"));
        tree.make(group(QosClass.Burstable, "b"), LIMITS);
        tree.make(group(QosClass.BestEffort, "c"), NONE);
        assertThat(mount.resolve("cpu/root/burstable/cpu.shares")).hasContent("1024");
        assertThat(mount.resolve("cpu/root/besteffort/cpu.shares")).hasContent("2");
        assertThat(mount.resolve("cpu/root/cpu.shares"))
                .hasContent(Long.toString(1024 * Capacity.of("cpu", mount).longValue()));
        emptied("b"); // as the kernel does with the directory
        tree.remove(group(QosClass.Burstable, "b"));
        assertThat(mount.resolve("cpu/root/burstable/cpu.shares")).hasContent("512");
    }

    private void emptied(String uid) throws IOException {
        Path cpu = mount.resolve("cpu/root/burstable/pod" + uid);
        for (String file : new String[] {"cpu.shares", "cpu.cfs_period_us", "cpu.cfs_quota_us"}) {
            Files.delete(cpu.resolve(file));
        }
        Files.delete(mount.resolve("memory/root/burstable/pod" + uid + "/memory.limit_in_bytes"));
    }

    @Test
    void removingTakesWhatTheEngineMadeToo() throws IOException {
        version1();
        Path other = Files.createDirectories(mount.resolve("pids/root/podb"));
        Files.createDirectories(mount.resolve("pids/root/poda/container/inner"));
        Files.createDirectories(mount.resolve("cpu/root/poda/container"));
        tree.remove(group(QosClass.Guaranteed, "a"));
        assertThat(mount.resolve("pids/root/poda")).doesNotExist();
        assertThat(mount.resolve("cpu/root/poda")).doesNotExist();
        assertThat(other).exists();
        tree.remove(group(QosClass.Guaranteed, "a")); // again
    }

    @Test
    void removingFollowsNoLink() throws IOException {
        version1();
        Path kept = Files.createDirectories(mount.resolve("elsewhere/kept"));
        Files.createDirectories(mount.resolve("pids/root/poda"));
        Files.createSymbolicLink(mount.resolve("pids/root/poda/link"), mount.resolve("elsewhere"));
        assertThatThrownBy(() -> tree.remove(group(QosClass.Guaranteed, "a"))).isInstanceOf(IOException.class);
        assertThat(kept).exists();
    }

    @Test
    void aMachineWithoutControllersSaysSo() {
        assertThatThrownBy(() -> tree.make(group(QosClass.Burstable, "a"), LIMITS)).isInstanceOf(IOException.class)
                .hasMessage("there is no cgroup controller at " + mount.resolve("cpu"));
    }

    @Test
    void seesProcessesFarBelow() throws IOException {
        version2();
        Path inner = Files.createDirectories(mount.resolve("root/poda/container"));
        Files.createFile(inner.resolveSibling("cgroup.procs"));
        assertThat(tree.isPopulated(group(QosClass.Guaranteed, "a"))).isFalse();
        Files.writeString(inner.resolve("cgroup.procs"), "17\n");
        assertThat(tree.isPopulated(group(QosClass.Guaranteed, "a"))).isTrue();
        assertThat(tree.exists(group(QosClass.Guaranteed, "b"))).isFalse();
    }

    @Test
    void whatIsLeftIsKilledAndWhoDoesNotEndIsNamed() throws Exception {
        version2();
        Process lost = new ProcessBuilder("sleep", "3600").start();
        Path inner = Files.createDirectories(mount.resolve("root/poda/container"));
        Files.createFile(inner.resolveSibling("cgroup.procs"));
        Files.writeString(inner.resolve("cgroup.procs"), lost.pid() + "\n"); // here it stays, as no kernel looks after it
        assertThatThrownBy(() -> tree.end(group(QosClass.Guaranteed, "a"))).isInstanceOf(IOException.class)
                .hasMessage("processes [" + lost.pid() + "] do not end");
        assertThat(lost.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(tree.end(group(QosClass.Guaranteed, "b"))).isZero();
    }
}

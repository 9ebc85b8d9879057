package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.runtime.RuntimeInfo.Cgroups;
import io.holdfast.status.PodStatus.QosClass;

/** What systemd is asked for, through a stand-in for its command. */
class SlicesTest { // G6

    private static final PodCgroup GROUP = PodCgroup.of(Cgroups.Systemd, "root", QosClass.Burstable, "a-b");
    private static final PodLimits LIMITS = new PodLimits(512, 50_000, 64 << 20);
    private static final String MANAGER = "--timeout=5 call org.freedesktop.systemd1 /org/freedesktop/systemd1"
            + " org.freedesktop.systemd1.Manager ";

    @TempDir
    Path directory;

    private Slices slices;
    private Path asked;

    @BeforeEach
    void standIn() throws IOException {
        asked = directory.resolve("asked");
        slices = slices("echo \"$@\" >>" + asked);
        Files.createDirectories(directory.resolve("cgroup/cpu"));
    }

    private Slices slices(String script) throws IOException {
        Path busctl = Files.writeString(directory.resolve("busctl"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(busctl, PosixFilePermissions.fromString("rwx------"));
        return new Slices(new CgroupTree(directory.resolve("cgroup")), busctl.toString());
    }

    private Path made() throws IOException {
        return Files.createDirectories(directory.resolve("cgroup/cpu").resolve(GROUP.path()));
    }

    @Test
    void asksForASliceWithTheLimitsOfVersion1() throws Exception {
        slices.make(GROUP, LIMITS);
        assertThat(asked).hasContent(MANAGER + "StartTransientUnit ssa(sv)a(sa(sv)) root-burstable-poda_b.slice replace 3"
                + " CPUShares t 512 CPUQuotaPerSecUSec t 500000 MemoryLimit t 67108864 0");
    }

    @Test
    void orOfVersion2() throws Exception {
        Files.writeString(directory.resolve("cgroup/cgroup.controllers"), "cpu memory");
        slices.make(GROUP, new PodLimits(2, 0, 1 << 20));
        assertThat(asked).hasContent(MANAGER + "StartTransientUnit ssa(sv)a(sa(sv)) root-burstable-poda_b.slice replace 2"
                + " CPUWeight t 1 MemoryMax t 1048576 0");
    }

    @Test
    void whatIsThereIsNotMadeAgain() throws Exception {
        made();
        slices.make(GROUP, LIMITS);
        assertThat(asked).doesNotExist();
    }

    @Test
    void stopsASliceThatIsThere() throws Exception {
        slices.remove(GROUP);
        assertThat(asked).doesNotExist();
        made();
        slices.remove(GROUP);
        assertThat(asked).hasContent(MANAGER + "StopUnit ss root-burstable-poda_b.slice replace");
    }

    @Test
    void stopsNoneInWhichSomethingRuns() throws Exception {
        Files.writeString(made().resolve("cgroup.procs"), "17\n");
        assertThatThrownBy(() -> slices.remove(GROUP)).isInstanceOf(IOException.class)
                .hasMessage("something still runs in root-burstable-poda_b.slice");
        assertThat(asked).doesNotExist();
    }

    @Test
    void passesOnWhatSystemdSays() throws Exception {
        Slices refusing = slices("echo 'Access denied' >&2; exit 1");
        assertThatThrownBy(() -> refusing.make(GROUP, LIMITS)).isInstanceOf(IOException.class)
                .hasMessage("systemd, StartTransientUnit root-burstable-poda_b.slice: Access denied");
    }
}

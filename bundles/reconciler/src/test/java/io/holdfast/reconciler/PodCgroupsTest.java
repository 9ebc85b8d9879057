package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.runtime.RuntimeInfo.Cgroups;
import io.holdfast.source.DesiredPod;

class PodCgroupsTest { // G6

    /** Writes down what it is asked for. */
    private static final class Recorder implements CgroupDriver {

        private final List<String> calls = new ArrayList<>();
        private boolean broken;

        @Override
        public void make(PodCgroup group, PodLimits limits) throws IOException {
            calls.add("make " + group.path() + " " + limits.cpuShares());
            fail();
        }

        @Override
        public void remove(PodCgroup group) throws IOException {
            calls.add("remove " + group.path());
            fail();
        }

        @Override
        public int end(PodCgroup group) {
            calls.add("end " + group.path());
            return 0;
        }

        private void fail() throws IOException {
            if (broken) {
                throw new IOException("Read-only file system");
            }
        }
    }

    @TempDir
    Path directory;

    private final Recorder files = new Recorder();
    private final Recorder slices = new Recorder();
    private final PodCgroups cgroups = new PodCgroups("root", files, slices);
    private final DesiredPod web = pod("web").desired();
    private PodDirectory own;

    @BeforeEach
    void laidOut() throws IOException {
        own = PodDirectory.of(TestPods.TestNode.in(directory), web.name(), web.uid());
        Files.createDirectories(own.root());
    }

    @Test
    void theEnginesDriverMakesIt() throws Exception {
        assertThat(cgroups.make(web, Cgroups.Cgroupfs, own)).isEqualTo("/root/besteffort/podv1");
        assertThat(cgroups.make(web, Cgroups.Systemd, own)).isEqualTo("root-besteffort-podv1.slice");
        assertThat(files.calls).containsExactly("make root/besteffort/podv1 2");
        assertThat(slices.calls)
                .containsExactly("make root.slice/root-besteffort.slice/root-besteffort-podv1.slice 2");
    }

    @Test
    void whereTheEngineDoesNotSayHowThereIsNone() throws Exception {
        assertThat(cgroups.make(web, Cgroups.Unknown, own)).isEmpty();
        assertThat(new PodCgroups("", files, slices).make(web, Cgroups.Cgroupfs, own)).isEmpty();
        assertThat(files.calls).isEmpty();
        assertThat(cgroups.parent(own)).isEmpty();
    }

    @Test
    void containersAreToldWhatTheSandboxWasTold() throws Exception {
        assertThat(cgroups.parent(own)).isEmpty(); // such as of a pod that an agent made that knew no cgroups
        String told = cgroups.make(web, Cgroups.Cgroupfs, own);
        PodCgroups another = new PodCgroups("other", files, slices);
        assertThat(another.parent(own)).isEqualTo(told);
    }

    @Test
    void isRemovedWithThePodByAnyLaterAgent() throws Exception { // R8
        cgroups.make(web, Cgroups.Cgroupfs, own);
        files.calls.clear();
        PodCgroups another = new PodCgroups("", files, slices);
        Leftovers.remove(TestPods.TestNode.in(directory), Set.of(web.uid()), another);
        assertThat(files.calls).containsExactly("end root/besteffort/podv1", "remove root/besteffort/podv1");
        assertThat(own.root()).doesNotExist();
    }

    @Test
    void aFileThatWasCutOffRemovesNothing() throws Exception {
        for (String text : List.of("", "\0\0", "root", "root/burstable", "root/burstable/podv", "root/burstable/podv11")) {
            Files.writeString(own.cgroup(), text);
            cgroups.remove(own.root());
        }
        assertThat(files.calls).isEmpty();
    }

    @Test
    void withoutIsBetterThanNotAtAll() throws Exception {
        files.broken = true;
        assertThat(cgroups.make(web, Cgroups.Cgroupfs, own)).isEmpty();
        assertThat(cgroups.parent(own)).isEmpty();
        files.broken = false;
        assertThat(cgroups.make(web, Cgroups.Cgroupfs, own)).isNotEmpty();
    }

    @Test
    void whatCannotBeRemovedIsNamedAndStaysKnown() throws Exception {
        cgroups.make(web, Cgroups.Cgroupfs, own);
        files.broken = true;
        assertThatThrownBy(() -> cgroups.remove(own.root())).isInstanceOf(IOException.class)
                .hasMessage("cgroup root/besteffort/podv1: Read-only file system");
        assertThat(own.cgroup()).exists();
    }

    @Test
    void aRootIsAPlainName() {
        assertThatThrownBy(() -> PodCgroups.of("a/b", directory)).hasMessage("io.holdfast.reconciler: cgroup.root: 'a/b' is not a name"
                + " of letters, digits and _; expected something like holdfast, or nothing for no cgroups");
    }

    @Test
    void eachAgentHasARootOfItsOwn() {
        assertThat(PodCgroups.of("holdfast", Path.of("/var/lib/a")).root()).matches("holdfast_[0-9a-f]{8}")
                .isEqualTo(PodCgroups.of("holdfast", Path.of("/var/lib/a")).root())
                .isNotEqualTo(PodCgroups.of("holdfast", Path.of("/var/lib/b")).root());
        assertThat(PodCgroups.of("", directory).root()).isEmpty();
    }
}

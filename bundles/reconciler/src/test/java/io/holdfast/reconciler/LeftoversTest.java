package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest { // R8

    @TempDir
    Path directory;

    @Test
    void removesWhatIsNeitherWantedNorOnTheEngine() throws Exception {
        PodDirectory gone = made("u1");
        PodDirectory known = made("u2");
        PodDirectory alike = made("x_u1");
        assertThat(Leftovers.find(node())).containsExactlyInAnyOrder("u1", "u2", "x_u1");
        Leftovers.remove(node(), Set.of("u1"), PodCgroups.none());
        assertThat(gone.root()).doesNotExist();
        assertThat(gone.logs()).doesNotExist();
        assertThat(known.root()).exists();
        assertThat(known.logs()).exists();
        assertThat(alike.root()).exists();
        assertThat(alike.logs()).exists();
    }

    @Test
    void whatAKilledAgentHadMountedIsUnmountedAndNothingElseIsLost() throws Exception {
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.writeString(data.resolve("precious"), "data");
        PodDirectory pod = made("u1");
        Path secret = Files.createDirectories(pod.root().resolve("volumes/kubernetes.io~secret/tls"));
        Mounts.memoryOnly(secret, "mode=0755");
        Path part = Files.createDirectories(pod.subPath("data", "app", 0));
        Mounts.bind(data, part);
        Files.createSymbolicLink(pod.root().resolve("out"), data);
        Leftovers.remove(node(), Set.of("u1"), PodCgroups.none());
        assertThat(pod.root()).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(directory.toString());
        assertThat(data.resolve("precious")).hasContent("data");
    }

    @Test
    void whatCannotBeRemovedDoesNotKeepTheOthers() throws Exception {
        List<PodDirectory> pods = List.of(made("u1"), made("u2"), made("u3"));
        Path busy = Files.createDirectories(pods.get(1).root().resolve("volumes/kubernetes.io~secret/tls"));
        Mounts.memoryOnly(busy, "mode=0755");
        Process user = new ProcessBuilder("sleep", "60").directory(busy.toFile()).start();
        try {
            Leftovers.remove(node(), Set.of("u1", "u2", "u3"), PodCgroups.none());
            assertThat(pods).extracting(p -> Files.exists(p.root())).containsExactly(false, true, false);
        } finally {
            user.destroyForcibly().waitFor();
        }
        Leftovers.remove(node(), Set.of("u2"), PodCgroups.none());
        assertThat(pods.get(1).root()).doesNotExist();
    }

    @Test
    void leavesTheLogsOfOthersAlone() throws Exception {
        Path foreign = Files.createDirectories(directory.resolve("log/pods/kube-system_dns_u9"));
        made("u1");
        Leftovers.remove(node(), Set.of("u1"), PodCgroups.none());
        assertThat(foreign).exists();
    }

    @Test
    void aNodeWithoutPodsHasNone() {
        assertThat(Leftovers.find(node())).isEmpty();
        assertThatNoException().isThrownBy(() -> Leftovers.remove(node(), Set.of("u1"), PodCgroups.none()));
    }

    private PodDirectory made(String uid) throws Exception {
        PodDirectory pod = PodDirectory.of(node(), TestPods.name("web-n"), uid);
        Files.createDirectories(pod.emptyDir("data"));
        Files.createDirectories(pod.logs());
        return pod;
    }

    private TestPods.TestNode node() {
        return TestPods.TestNode.in(directory);
    }
}

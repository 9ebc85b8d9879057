package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest { // G3

    @TempDir
    Path directory;

    private Path outside;
    private Path tree;

    @BeforeEach
    void make() throws IOException {
        outside = Files.createDirectories(directory.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "data");
        tree = Files.createDirectories(directory.resolve("pods/u1"));
        Files.createDirectories(tree.resolve("a/b"));
        Files.writeString(tree.resolve("a/b/file"), "x");
    }

    @Test
    void deletesATreeAndNothingIsNoTrouble() throws Exception {
        Mounts.delete(tree);
        assertThat(tree).doesNotExist();
        Mounts.delete(tree);
        assertThat(tree.getParent()).exists();
    }

    @Test
    void neverFollowsALinkOut() throws Exception {
        Files.createSymbolicLink(tree.resolve("a/to-directory"), outside);
        Files.createSymbolicLink(tree.resolve("a/to-file"), outside.resolve("precious"));
        Files.createSymbolicLink(tree.resolve("dangling"), Path.of("/nowhere"));
        Mounts.delete(tree);
        assertThat(tree).doesNotExist();
        assertThat(outside.resolve("precious")).hasContent("data");
    }

    @Test
    void aTreeThatIsALinkIsOnlyUnlinked() throws Exception {
        assumeTrue(VolumesTest.isRoot(), "only root may mount");
        Path mounted = Files.createDirectory(outside.resolve("mounted"));
        Mounts.tmpfs(mounted, "size=64k");
        try {
            Path link = Files.createSymbolicLink(directory.resolve("pods/u2"), outside);
            Mounts.delete(link);
            assertThat(link).doesNotExist();
            assertThat(outside.resolve("precious")).hasContent("data");
            assertThat(Files.getFileStore(mounted).type()).isEqualTo("tmpfs");
        } finally {
            Mounts.delete(mounted);
        }
    }

    @Test
    void unmountsWhatIsMountedInItWhateverItsName() throws Exception {
        assumeTrue(VolumesTest.isRoot(), "only root may mount");
        Path deep = Files.createDirectories(tree.resolve("a name\\with\tall"));
        Mounts.tmpfs(deep, "size=64k");
        Mounts.tmpfs(Files.createDirectory(deep.resolve("inner")), "size=64k");
        Mounts.delete(tree);
        assertThat(tree).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(tree.toString());
    }

    @Test
    void deletesNothingWhileSomethingIsStillMounted() throws Exception {
        assumeTrue(VolumesTest.isRoot(), "only root may mount");
        Path mounted = Files.createDirectory(tree.resolve("mounted"));
        Mounts.tmpfs(mounted, "size=64k");
        try (FileChannel busy = FileChannel.open(mounted.resolve("f"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> Mounts.delete(tree)).isInstanceOf(IOException.class)
                    .hasMessageContaining(mounted.toString());
            assertThat(tree.resolve("a/b/file")).hasContent("x");
            assertThat(busy.isOpen()).isTrue();
        }
        Mounts.delete(tree);
        assertThat(tree).doesNotExist();
    }

    @Test
    void whatIsSeenThroughAMountOfOursStaysMountedWhereItIs() throws Exception { // on most machines all mounts are shared
        assumeTrue(VolumesTest.isRoot(), "only root may mount");
        Path disks = Files.createDirectory(outside.resolve("disks"));
        Mounts.tmpfs(disks, "size=64k");
        try {
            assertThat(new ProcessBuilder("mount", "--make-shared", disks.toString()).start().waitFor()).isZero();
            Path disk = Files.createDirectory(disks.resolve("disk"));
            Path at = Files.createDirectories(tree.resolve("volume-subpaths/v/c/0"));
            Mounts.bind(disks, at);
            Mounts.tmpfs(disk, "size=64k"); // by an administrator, while the pod runs
            Files.writeString(disk.resolve("precious"), "data");
            assertThat(at.resolve("disk/precious")).hasContent("data");
            Mounts.delete(tree);
            assertThat(tree).doesNotExist();
            assertThat(disk.resolve("precious")).hasContent("data");
        } finally {
            Mounts.delete(disks);
        }
    }

    @Test
    void whatIsBoundIntoItStaysWhereItIs() throws Exception { // a subPath of a hostPath, left by a killed agent
        Path file = Files.createFile(tree.resolve("a/bound-file"));
        Path inner = Files.createDirectories(tree.resolve("a/bound"));
        Mounts.bind(outside.resolve("precious"), file);
        Mounts.bind(outside, inner);
        Mounts.bind(outside, inner); // twice, one over the other
        assertThat(inner.resolve("precious")).hasContent("data");
        Mounts.delete(tree);
        assertThat(tree).doesNotExist();
        assertThat(outside.resolve("precious")).hasContent("data");
    }
}

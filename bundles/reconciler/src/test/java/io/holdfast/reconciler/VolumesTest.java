package io.holdfast.reconciler;

import static io.holdfast.pod.Volume.HostPath.Type.BlockDevice;
import static io.holdfast.pod.Volume.HostPath.Type.CharDevice;
import static io.holdfast.pod.Volume.HostPath.Type.Directory;
import static io.holdfast.pod.Volume.HostPath.Type.DirectoryOrCreate;
import static io.holdfast.pod.Volume.HostPath.Type.File;
import static io.holdfast.pod.Volume.HostPath.Type.FileOrCreate;
import static io.holdfast.pod.Volume.HostPath.Type.Socket;
import static io.holdfast.pod.Volume.HostPath.Type.Unset;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.holdfast.pod.Volume.HostPath;
import io.holdfast.reconciler.TestPods.PodDraft;

class VolumesTest { // G3

    private static final Path CHAR_DEVICE = Path.of("/dev/null");

    @TempDir
    Path directory;

    @Test
    void eachTypeTakesWhatItNames() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        try (ServerSocketChannel socket = socket()) {
            assertThat(hostPath(directory.resolve("socket"), Socket)).exists();
            assertThat(hostPath(directory, Directory)).isEqualTo(directory);
            assertThat(hostPath(directory, DirectoryOrCreate)).isEqualTo(directory);
            assertThat(hostPath(link, Directory)).isEqualTo(link);
            assertThat(hostPath(file, File)).isEqualTo(file);
            assertThat(hostPath(file, FileOrCreate)).isEqualTo(file);
            assertThat(hostPath(CHAR_DEVICE, CharDevice)).isEqualTo(CHAR_DEVICE);
            assertThat(hostPath(CHAR_DEVICE, Unset)).isEqualTo(CHAR_DEVICE);
            assertThat(socket.isOpen()).isTrue();
        }
    }

    @Test
    void createsWhatItMay() throws Exception {
        Path made = hostPath(directory.resolve("a/b"), DirectoryOrCreate);
        assertThat(permissions(made)).isEqualTo("rwxr-xr-x");
        assertThat(permissions(hostPath(made.resolve("f"), FileOrCreate))).isEqualTo("rw-r--r--");
        assertThat(hostPath(directory.resolve("none"), Unset)).as("no check, the engine makes it").doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(names = {"Directory", "File", "Socket", "CharDevice", "BlockDevice"})
    void saysWhatIsMissing(HostPath.Type type) {
        Path missing = directory.resolve("none");
        assertThatThrownBy(() -> hostPath(missing, type)).isInstanceOf(IOException.class).hasMessage(
                "volume \"v\": hostPath type check failed: " + missing + " is missing; expected a " + type);
    }

    @ParameterizedTest
    @EnumSource(names = {"File", "FileOrCreate", "Socket", "CharDevice", "BlockDevice"})
    void saysWhatADirectoryIsNot(HostPath.Type type) {
        assertThatThrownBy(() -> hostPath(directory, type))
                .hasMessage("volume \"v\": hostPath type check failed: " + directory + " is not a " + type);
    }

    @ParameterizedTest
    @EnumSource(names = {"Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket", "BlockDevice"})
    void saysWhatADeviceIsNot(HostPath.Type type) {
        assertThatThrownBy(() -> hostPath(CHAR_DEVICE, type)).hasMessageContaining("/dev/null is not a " + type);
    }

    @Test
    void saysWhyItCannotCreate() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> hostPath(file.resolve("below"), DirectoryOrCreate)).isInstanceOf(IOException.class)
                .hasMessageStartingWith("volume \"v\": ").hasMessageContaining("file").hasCauseInstanceOf(FileSystemException.class);
        assertThatThrownBy(() -> hostPath(directory.resolve("no/parent"), FileOrCreate))
                .hasMessageContaining("NoSuchFileException: " + directory.resolve("no/parent"));
    }

    @Test
    void anEmptyDirectoryIsForEverybody() throws Exception {
        Path path = emptyDir("", null);
        assertThat(permissions(path)).isEqualTo("rwxrwxrwx");
        assertThat(path).isEmptyDirectory().isEqualTo(pods().emptyDir("v"));
        assertThat(path.getParent()).isDirectoryNotContaining(p -> !p.equals(path));
    }

    @Test
    void whatIsInItStaysWhenItIsPreparedAgain() throws Exception {
        Path path = emptyDir("", null);
        Files.writeString(path.resolve("data"), "kept");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        emptyDir("", null);
        assertThat(path.resolve("data")).hasContent("kept");
        assertThat(permissions(path)).as("the pod's own business").isEqualTo("rwx------");
    }

    @Test
    void anAgentKilledHalfwayLeavesNothingThatTheNextTakesForDone() throws Exception { // R8
        Path half = pods().emptyDir("v").resolveSibling(".v.new");
        Files.createDirectories(half);
        Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rwx------"));
        assertThat(permissions(emptyDir("", null))).isEqualTo("rwxrwxrwx");
    }

    @Test
    void memoryIsATmpfsOfItsSizeMountedOnceAndRemovedWithThePod() throws Exception {
        assumeTrue(isRoot(), "only root may mount");
        Path path = emptyDir("Memory", "1Mi");
        try {
            Files.writeString(path.resolve("data"), "kept");
            emptyDir("Memory", "1Mi");
            assertThat(path.resolve("data")).as("not mounted over").hasContent("kept");
            assertThat(Files.getFileStore(path).type()).isEqualTo("tmpfs");
            assertThat(Files.getFileStore(path).getTotalSpace()).isEqualTo(1024 * 1024);
            assertThat(permissions(path)).isEqualTo("rwxrwxrwx");
        } finally {
            Mounts.delete(pods().root());
        }
        assertThat(pods().root()).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(path.toString());
    }

    private ServerSocketChannel socket() throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        return channel.bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
    }

    private Path hostPath(Path path, HostPath.Type type) throws IOException, InterruptedException {
        return prepared(pod("web-n").hostPath("v", path, type));
    }

    private Path emptyDir(String medium, @Nullable String limit) throws IOException, InterruptedException {
        return prepared(pod("web-n").emptyDir("v", medium, limit));
    }

    private Path prepared(PodDraft pod) throws IOException, InterruptedException {
        var paths = Volumes.prepare(pod.made(), pods());
        assertThat(paths.keySet()).isEqualTo(Set.of("v"));
        return paths.values().iterator().next();
    }

    private PodDirectory pods() {
        return PodDirectory.of(TestPods.TestNode.in(directory), TestPods.name("web-n"), "v1");
    }

    static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}

package io.holdfast.reconciler;

import static io.holdfast.pod.Volume.HostPath.Type.BlockDevice;
import static io.holdfast.pod.Volume.HostPath.Type.CharDevice;
import static io.holdfast.pod.Volume.HostPath.Type.Directory;
import static io.holdfast.pod.Volume.HostPath.Type.DirectoryOrCreate;
import static io.holdfast.pod.Volume.HostPath.Type.File;
import static io.holdfast.pod.Volume.HostPath.Type.FileOrCreate;
import static io.holdfast.pod.Volume.HostPath.Type.Socket;
import static io.holdfast.pod.Volume.HostPath.Type.Unset;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.container;
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
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.holdfast.pod.Volume;
import io.holdfast.pod.Volume.HostPath;
import io.holdfast.pod.Volume.Projected;
import io.holdfast.pod.Volume.SecretSource;
import io.holdfast.reconciler.TestPods.PodDraft;
import io.holdfast.source.ConfigObject;

class VolumesTest { // G3

    private static final Path CHAR_DEVICE = Path.of("/dev/null");

    @TempDir
    Path directory;

    @AfterEach
    void unmount() throws Exception {
        Mounts.delete(pods().root());
    }

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

    @Test
    void memoryIsNoMoreThanTheContainersMayHave() throws Exception {
        PodDraft pod = pod("web-n").emptyDir("v", "Memory", "1Gi").with(app().limit("memory", "1Mi")).with(container("b").limit("memory", "2Mi"));
        assertThat(Files.getFileStore(prepared(pod)).getTotalSpace()).isEqualTo(3 * 1024 * 1024);
    }

    @Test
    void memoryWithoutALimitIsAllThereIs() throws Exception {
        assertThat(Files.getFileStore(emptyDir("Memory", null)).getTotalSpace()).isEqualTo(Capacity.memory());
    }

    @Test
    void theGroupOfAPodOwnsItsDirectories() throws Exception { // fsGroup
        for (String medium : List.of("", "Memory")) {
            Path path = prepared(pod("web-n").fsGroup(4321).emptyDir("v", medium, null));
            assertThat(Modes.get(path)).isEqualTo(02777);
            assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(4321);
            Mounts.delete(pods().root());
        }
    }

    @Test
    void theGroupOfAPodMayReadItsSecrets() throws Exception {
        Path path = prepared(pod("web-n").fsGroup(4321).volume(TestConfig.of("v",
                new SecretSource("tls", null, List.of(), 0400, false))), TestConfig.secret("tls", "key", "k3y"));
        assertThat(Modes.get(path)).isEqualTo(02755);
        assertThat(Modes.get(path.resolve("key"))).isEqualTo(0440);
        assertThat(Files.getAttribute(path.resolve("key"), "unix:gid")).isEqualTo(4321);
    }

    @Test
    void aHostPathKeepsItsGroup() throws Exception {
        Path path = Files.createDirectory(directory.resolve("data"));
        int before = Modes.get(path);
        prepared(pod("web-n").fsGroup(4321).hostPath("v", path, Directory));
        assertThat(Modes.get(path)).isEqualTo(before);
        assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(0);
    }

    @Test
    void aConfigMapIsOnDiskAndASecretInMemoryOfItsOwn() throws Exception {
        Path map = prepared(pod("web-n").volume(TestConfig.of("v", TestConfig.ofConfigMap("web"))), TestConfig.configMap("web", "a", "1"));
        assertThat(map.resolve("a")).hasContent("1");
        assertThat(Files.getFileStore(map)).isEqualTo(Files.getFileStore(directory));
        for (Volume volume : List.of(TestConfig.of("v", TestConfig.ofSecret("tls")),
                TestConfig.projected("v", null, new Projected.Source(null, TestConfig.ofSecret("tls"), null)))) {
            Path secret = prepared(pod("web-n").volume(volume), TestConfig.secret("tls", "key", "k3y"));
            assertThat(secret.resolve("key")).hasContent("k3y");
            assertThat(Files.getFileStore(secret).type()).isEqualTo("tmpfs");
            assertThat(Modes.get(pods().configs(volume))).as("for root alone").isEqualTo(0750);
            assertThat(mounts(secret)).hasSize(1);
            assertThat(volumes(pod("web-n").volume(volume), TestConfig.secret("tls", "key", "other")).refresh()).isEmpty();
            assertThat(mounts(secret)).as("not mounted again").hasSize(1);
            assertThat(secret.resolve("key")).hasContent("other");
        }
        Mounts.delete(pods().root());
        assertThat(pods().root()).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(directory.toString());
    }

    @Test
    void withoutItsObjectAVolumeCannotBeMadeButStays() throws Exception {
        PodDraft pod = pod("web-n").volume(TestConfig.of("v", TestConfig.ofConfigMap("web")));
        assertThatThrownBy(() -> prepared(pod)).hasMessage("volume \"v\": configmap \"web\" not found");
        prepared(pod, TestConfig.configMap("web", "a", "1"));
        assertThat(prepared(pod).resolve("a")).as("a crash needs no ConfigMap that was there before").hasContent("1");
        assertThat(volumes(pod).refresh()).containsExactly("volume \"v\" stays as it was: configmap \"web\" not found");
    }

    private static List<String> mounts(Path at) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream().filter(line -> line.contains(" " + at + " ")).toList();
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

    private Path prepared(PodDraft pod, ConfigObject... objects) throws IOException, InterruptedException {
        var paths = volumes(pod, objects).prepare();
        assertThat(paths.keySet()).isEqualTo(Set.of("v"));
        return paths.values().iterator().next();
    }

    private Volumes volumes(PodDraft pod, ConfigObject... objects) {
        return new Volumes(new PodFields(pod.made(), TestPods.TestNode.in(directory), List.of()), pods(),
                TestConfig.objects(objects));
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

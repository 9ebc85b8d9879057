package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestConfig.configMap;
import static io.holdfast.reconciler.TestConfig.ofConfigMap;
import static io.holdfast.reconciler.TestConfig.subPath;
import static io.holdfast.reconciler.TestConfig.subPathExpr;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.holdfast.pod.Container;
import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.pod.Container.VolumeMount;
import io.holdfast.pod.Volume;
import io.holdfast.pod.Volume.HostPath.Type;
import io.holdfast.reconciler.TestPods.ContainerDraft;
import io.holdfast.runtime.ContainerSpec.Mount;
import io.holdfast.runtime.ContainerSpec.Mount.Access;

class ContainerMountsTest { // G3

    @TempDir
    Path directory;

    private Path volume;
    private Path outside;

    @BeforeEach
    void make() throws IOException {
        volume = Files.createDirectory(directory.resolve("volume"));
        Files.createDirectories(volume.resolve("in/deep"));
        Files.writeString(volume.resolve("in/deep/file"), "inside");
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("file"), "outside");
    }

    @AfterEach
    void unmount() throws Exception {
        Mounts.delete(pods().root());
    }

    @Test
    void aWholeVolumeIsMountedFromWhereItIs() throws Exception {
        assertThat(mounts(app().mount("v", "/data"))).containsExactly(
                new Mount("/data", volume.toString(), Access.ReadWrite, MountPropagation.None));
    }

    @Test
    void aRelativePathIsOneFromTheRoot() throws Exception { // as the kubelet has it
        assertThat(mounts(app().mount("v", "data"))).extracting(Mount::containerPath).containsExactly("/data");
    }

    @ParameterizedTest
    @CsvSource({"false,,ReadWrite", "true,,ReadOnly", "true,Disabled,ReadOnly", "true,IfPossible,RecursiveReadOnlyIfPossible",
            "true,Enabled,RecursiveReadOnly"})
    void accessIsAsTheManifestSays(boolean readOnly, String recursive, Access access) throws Exception {
        VolumeMount mount = new VolumeMount("v", "/data", readOnly, null, null, MountPropagation.HostToContainer, recursive);
        assertThat(mounts(app().mount(mount))).extracting(Mount::access).containsExactly(access);
        assertThat(mounts(app().mount(mount))).extracting(Mount::propagation).containsExactly(MountPropagation.HostToContainer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"in/deep/file", "./in//deep/./file", "to-deep/file", "to-file", "in/up/in/deep/file"})
    void aPartOfAVolumeMayBeAFile(String subPath) throws Exception {
        Files.createSymbolicLink(volume.resolve("to-deep"), Path.of("in/deep"));
        Files.createSymbolicLink(volume.resolve("to-file"), Path.of("to-deep/file"));
        Files.createSymbolicLink(volume.resolve("in/up"), Path.of(".."));
        Path mounted = mounted(subPath);
        assertThat(mounted).hasContent("inside").isRegularFile().isEqualTo(pods().subPath("v", "app", 0));
        Files.writeString(mounted, "written through");
        assertThat(volume.resolve("in/deep/file")).hasContent("written through");
    }

    @Test
    void aPartOfAVolumeMayBeADirectory() throws Exception {
        assertThat(mounted("in").resolve("deep/file")).hasContent("inside");
        assertThat(mounted("in/deep").resolve("file")).as("mounted anew for the next container").hasContent("inside");
        assertThat(Files.readAllLines(Path.of("/proc/self/mounts")).stream().filter(line -> line.contains(directory.toString()))).hasSize(1);
    }

    @Test
    void whatIsMissingIsMadeWithTheModeOfTheVolume() throws Exception {
        Modes.setGroup(volume, 4321);
        Modes.set(volume, 02770);
        Path mounted = mounted("new/one");
        assertThat(mounted).isEmptyDirectory();
        for (Path made : List.of(volume.resolve("new"), volume.resolve("new/one"), mounted)) {
            assertThat(Modes.get(made)).isEqualTo(02770);
            assertThat(Files.getAttribute(made, "unix:gid")).isEqualTo(4321);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"out", "out/file", "out/new", "in/out/file", "absolute", "proc/cwd", "chain"})
    void noLinkLeadsOut(String subPath) throws Exception {
        Files.createSymbolicLink(volume.resolve("out"), Path.of("../outside"));
        Files.createSymbolicLink(volume.resolve("in/out"), Path.of("../../outside"));
        Files.createSymbolicLink(volume.resolve("absolute"), outside);
        Files.createSymbolicLink(volume.resolve("proc"), Path.of("/proc/self"));
        Files.createSymbolicLink(volume.resolve("chain"), Path.of("out/file"));
        assertThatThrownBy(() -> mounted(subPath)).isInstanceOf(Unresolved.class)
                .hasMessageStartingWith("failed to prepare subPath for volumeMount \"v\" of container \"app\": '")
                .hasMessageContaining("leads out of it by a link");
        assertThat(outside).isDirectoryNotContaining(path -> !path.endsWith("file"));
    }

    @ParameterizedTest
    @CsvSource({"../outside,must not contain '..'", "in/../../outside,must not contain '..'", "/etc,must not be an absolute path",
            "in/deep/file/below,is no directory", "dangling,is not there"})
    void otherWaysOutAreRefused(String subPath, String why) throws Exception {
        Files.createSymbolicLink(volume.resolve("dangling"), Path.of("nowhere"));
        assertThatThrownBy(() -> mounted(subPath)).isInstanceOf(Unresolved.class).hasMessageContaining(why);
    }

    @Test
    void anExpressionIsExpandedAndMayNotLeadOutEither() throws Exception {
        ContainerDraft container = app().env("WHERE", "deep");
        assertThat(Path.of(mounts(container.mount(subPathExpr("v", "/data", "in/$(WHERE)"))).getFirst().hostPath()).resolve("file"))
                .hasContent("inside");
        assertThatThrownBy(() -> mounts(app().env("OUT", "../outside").mount(subPathExpr("v", "/d", "$(OUT)"))))
                .hasMessageContaining("'../outside' must not contain '..'");
        assertThatThrownBy(() -> mounts(app().mount(subPathExpr("v", "/d", "$(WHO)")))).isInstanceOf(Unresolved.class)
                .hasMessageEndingWith("missing value for \"WHO\"");
    }

    @Test
    void aContainerThatSwapsLinksNeverGetsOut() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Path link = Files.createSymbolicLink(volume.resolve("link"), Path.of("in"));
        Files.createDirectory(outside.resolve("deep"));
        Files.writeString(outside.resolve("deep/file"), "outside");
        Thread swapper = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                swap(link, Path.of("in"));
                swap(link, outside);
                swap(link, Path.of("../outside"));
            }
        });
        List<String> found = new ArrayList<>();
        try {
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            // often, and until each link was met inside
            for (int i = 0; i < 150 || Files.notExists(volume.resolve("in/new")) && System.nanoTime() < end; i++) {
                try {
                    found.add(Files.readString(mounted("link/deep").resolve("file")));
                    mounted("link/new");
                } catch (Unresolved e) {
                    found.add("refused");
                }
            }
        } finally {
            done.set(true);
            swapper.join();
        }
        assertThat(found).contains("inside").doesNotContain("outside");
        assertThat(outside.resolve("new")).as("nothing was made there").doesNotExist();
        assertThat(volume.resolve("in/new")).isDirectory();
    }

    /** At one moment, as a container can: there is always a link. */
    private static void swap(Path link, Path target) {
        try {
            Path draft = link.resolveSibling("draft");
            Files.createSymbolicLink(draft, target);
            Files.move(draft, link, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aPartOfAConfigMapIsReadOnlyAndMustBeThere() throws Exception {
        Volume map = TestConfig.of("c", ofConfigMap("web"));
        List<Mount> mounts = mounts(app().mount("c", "/all").mount(subPath("c", "/etc/a.conf", "a.conf")), map);
        assertThat(mounts).extracting(Mount::access).containsOnly(Access.ReadOnly);
        assertThat(Path.of(mounts.get(1).hostPath())).hasContent("A");
        assertThatThrownBy(() -> mounts(app().mount(subPath("c", "/etc/b.conf", "b.conf")), map)).isInstanceOf(Unresolved.class)
                .hasMessageEndingWith("'b.conf' is not there");
    }

    @Test
    void oneThatIsOpenStaysTheSame() throws Exception {
        try (Opened root = Opened.at(volume); Opened deep = root.in(Path.of("in/deep"))) {
            Files.move(volume.resolve("in"), volume.resolve("moved"));
            Files.createSymbolicLink(volume.resolve("in"), outside);
            assertThat(deep.path().resolve("file")).hasContent("inside");
        }
        assertThatThrownBy(() -> Opened.at(directory.resolve("none"))).isInstanceOf(java.nio.file.NoSuchFileException.class);
    }

    @Test
    void nothingStaysOpen() throws Exception {
        mounted("in/deep");
        long before = open();
        for (int i = 0; i < 20; i++) {
            mounted("in/deep");
            assertThatThrownBy(() -> mounted("in/deep/file/below")).isInstanceOf(Unresolved.class);
        }
        assertThat(open()).isLessThan(before + 20);
    }

    private static long open() throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private Path mounted(String subPath) throws Exception {
        return Path.of(mounts(app().mount(subPath("v", "/data", subPath))).getFirst().hostPath());
    }

    private List<Mount> mounts(ContainerDraft draft, Volume... more) throws Exception {
        TestPods.PodDraft pod = pod("web-n").hostPath("v", volume, Type.Unset);
        List.of(more).forEach(pod::volume);
        Volumes volumes = new Volumes(new PodFields(pod.made(), TestPods.TestNode.in(directory), List.of()), pods(),
                TestConfig.objects(configMap("web", "a.conf", "A")));
        Container container = draft.made();
        Environment environment = new Environment(container, volumes.fields(), volumes.objects());
        return new ContainerMounts(pod.made(), pods(), volumes.prepare()).of(container, environment);
    }

    private PodDirectory pods() {
        return PodDirectory.of(TestPods.TestNode.in(directory), TestPods.name("web-n"), "v1");
    }
}

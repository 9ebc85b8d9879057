package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodFilesTest {

    @TempDir
    Path directory;

    @Test
    void hostsAreThoseOfThePod() throws IOException { // G4
        assertThat(hosts(pod("web-n").alias("192.0.2.9", "db", "db.example"), "10.0.0.1"))
                .startsWith("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n").contains("\n10.0.0.1\tweb-n\n")
                .endsWith("\n# Entries added by HostAliases.\n192.0.2.9\tdb\tdb.example\n");
    }

    @Test
    void aSubdomainIsPartOfItsNameThere() throws IOException { // G4
        assertThat(hosts(pod("web-n").fqdn("sub"), "10.0.0.1")).contains("10.0.0.1\tweb-n.sub.default.svc.cluster.local\tweb-n\n");
    }

    @Test
    void withoutAnAddressThereIsNoLineForIt() throws IOException {
        assertThat(hosts(pod("web-n"), "")).doesNotContain("web-n");
    }

    @Test
    void onTheHostNetworkTheyAreTheNodesOwn() throws IOException { // G4
        assertThat(hosts(pod("web-n").hostNetwork().alias("192.0.2.9", "db"), "192.0.2.1"))
                .startsWith("# Kubernetes-managed hosts file (host network).\n")
                .contains(Files.readString(Path.of("/etc/hosts"))).endsWith("192.0.2.9\tdb\n");
    }

    @Test
    void hostsAreWrittenIntoTheSameFileAgain() throws IOException {
        hosts(pod("web-n"), "10.0.0.1");
        Object inode = Files.getAttribute(directory.resolve("pods/hosts"), "unix:ino");
        hosts(pod("web-n"), "10.0.0.2");
        assertThat(Files.getAttribute(directory.resolve("pods/hosts"), "unix:ino")).as("it is mounted")
                .isEqualTo(inode);
    }

    @Test
    void anyUserMayWriteLastWords() throws IOException { // T4
        Path file = PodFiles.terminationMessage(directory.resolve("a/b/0"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-rw-rw-");
    }

    @Test
    void lastWordsAreNotLostWhenTheFileIsAskedForAgain() throws IOException {
        Path file = PodFiles.terminationMessage(directory.resolve("0"));
        Files.writeString(file, "bye");
        assertThat(PodFiles.terminationMessage(file)).hasContent("bye");
    }

    @Test
    void filesOfAPodAreWhereTheKubeletHasThem() { // G2
        TestPods.TestNode node = TestPods.TestNode.in(Path.of("/x"));
        PodDirectory pod = PodDirectory.of(node, TestPods.name("web-n"), "u1");
        assertThat(pod.logs()).isEqualTo(Path.of("/x/log/pods/default_web-n_u1"));
        assertThat(pod.logLink(TestPods.name("web-n"), "app", "c1"))
                .isEqualTo(Path.of("/x/log/containers/web-n_default_app-c1.log"));
        assertThat(PodDirectory.log("app", 3)).isEqualTo("app/3.log");
        assertThat(pod.root()).isEqualTo(Path.of("/x/var/pods/u1"));
    }

    @Test
    void noUidLeadsOutOfTheDirectory() {
        TestPods.TestNode node = TestPods.TestNode.in(Path.of("/x"));
        for (String uid : new String[] {"../etc", "..", ".", "a/b", ""}) {
            assertThatThrownBy(() -> PodDirectory.of(node, TestPods.name("web-n"), uid))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private String hosts(TestPods.PodDraft pod, String ip) throws IOException {
        Path file = directory.resolve("pods/hosts");
        PodFiles.hosts(pod.made(), ip, file);
        return Files.readString(file);
    }
}

package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.pod.PodSpec;
import io.holdfast.pod.PodSpec.DnsConfig;
import io.holdfast.pod.PodSpec.DnsConfig.Option;
import io.holdfast.pod.PodSpec.DnsPolicy;
import io.holdfast.runtime.SandboxSpec;

class DnsTest { // G4

    private static final String NODE = """
            # by hand
            ; so too
            nameserver 192.0.2.53
              nameserver   192.0.2.54 # second

            search old.example
            search corp.example example
            options ndots:2 rotate
            sortlist 130.155.160.0
            """;

    @TempDir
    Path directory;

    @Test
    void isTheNodesOwnByDefault() throws IOException {
        SandboxSpec.Dns own = new SandboxSpec.Dns(List.of("192.0.2.53", "192.0.2.54"), List.of("corp.example", "example"),
                List.of("ndots:2", "rotate"));
        assertThat(dns(DnsPolicy.Default, null)).isEqualTo(own);
        assertThat(dns(DnsPolicy.ClusterFirst, null)).isEqualTo(own);
        assertThat(dns(DnsPolicy.ClusterFirstWithHostNet, null)).isEqualTo(own);
    }

    @Test
    void noneIsWhatTheManifestSaysAlone() throws IOException {
        DnsConfig config = new DnsConfig(List.of("1.1.1.1"), List.of("a.example"),
                List.of(new Option("ndots", "5"), new Option("edns0", null)));
        assertThat(dns(DnsPolicy.None, config)).isEqualTo(
                new SandboxSpec.Dns(List.of("1.1.1.1"), List.of("a.example"), List.of("ndots:5", "edns0")));
    }

    @Test
    void theManifestAddsToTheNodesOwnAndItsOptionsWin() throws IOException {
        DnsConfig config = new DnsConfig(List.of("192.0.2.53", "1.1.1.1"), List.of("example", "b.example"),
                List.of(new Option("ndots", "5")));
        assertThat(dns(DnsPolicy.Default, config)).isEqualTo(new SandboxSpec.Dns(
                List.of("192.0.2.53", "192.0.2.54", "1.1.1.1"), List.of("corp.example", "example", "b.example"),
                List.of("ndots:5", "rotate")));
    }

    @Test
    void threeServersAndThirtyTwoDomainsAreAll() throws IOException {
        List<String> many = IntStream.range(0, 40).mapToObj(i -> "10.0.0." + i).toList();
        SandboxSpec.Dns dns = dns(DnsPolicy.None, new DnsConfig(many, many, List.of()));
        assertThat(dns.servers()).hasSize(3);
        assertThat(dns.searches()).hasSize(32);
    }

    @Test
    void aNodeWithoutResolvConfHasNothingToSay() throws IOException {
        assertThat(Dns.of(pod("web-n").made().spec(), directory.resolve("none")))
                .isEqualTo(new SandboxSpec.Dns(List.of(), List.of(), List.of()));
    }

    @Test
    void wherePodsDoNotReachSystemdResolvedItsOwnServersAreAsked() throws IOException {
        PodSpec own = pod("web-n").made().spec();
        Path usual = Files.writeString(Files.createDirectories(directory.resolve("etc")).resolve("resolv.conf"),
                "# a stub\nnameserver 127.0.0.53\noptions edns0\n");
        assertThat(Dns.file(own, directory)).as("it does not run here").isEqualTo(usual);
        Path resolved = Files.writeString(Files.createDirectories(directory.resolve("run/systemd/resolve")).resolve("resolv.conf"),
                "nameserver 192.0.2.53\n");
        assertThat(Dns.file(own, directory)).isEqualTo(resolved);
        assertThat(Dns.file(pod("web-n").hostNetwork().made().spec(), directory)).isEqualTo(usual);
        for (String other : List.of("nameserver 192.0.2.1\nnameserver 127.0.0.53\n", "search corp.example\n")) {
            Files.writeString(usual, other);
            assertThat(Dns.file(own, directory)).as(other).isEqualTo(usual);
        }
    }

    @Test
    void aCommentMayBeInAnyEncoding() throws IOException {
        Path file = Files.write(directory.resolve("latin"), "# Büro\nnameserver 192.0.2.53\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Dns.of(pod("web-n").made().spec(), file).servers()).containsExactly("192.0.2.53");
    }

    private SandboxSpec.Dns dns(DnsPolicy policy, @Nullable DnsConfig config) throws IOException {
        Path file = Files.writeString(directory.resolve("resolv.conf"), NODE);
        return Dns.of(pod("web-n").dns(policy, config).made().spec(), file);
    }
}

package io.holdfast.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container.Protocol;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.Security.SeLinux;

/**
 * What an engine needs to make a sandbox.
 *
 * @param attempt from 0, one more for each sandbox of this edition
 * @param logDirectory absolute; container log paths are relative to it
 * @param dns what {@code /etc/resolv.conf} says, or null for the engine's way (the host network)
 * @param cgroupParent as the engine's {@link RuntimeInfo.Cgroups driver} names it, empty for the engine's own
 * @param handler the engine's runtime handler, empty for its default
 * @param privileged whether a container in it will be
 * @param sysctls of the pod's namespaces
 */
public record SandboxSpec(PodName name, String uid, int attempt, String hostname, Path logDirectory,
        Map<String, String> labels, Map<String, String> annotations, Namespaces namespaces, List<PortMapping> ports,
        @Nullable Dns dns, String cgroupParent, String handler, boolean privileged, Map<String, String> sysctls,
        @Nullable SeLinux seLinux) {

    public SandboxSpec {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        ports = List.copyOf(ports);
        sysctls = Map.copyOf(sysctls);
    }

    public record Namespaces(boolean hostNetwork, Pid pid, boolean hostIpc) {

        /** Whose processes a container sees. */
        public enum Pid {
            /** Its own. */
            Container,
            /** Those of all containers of the pod. */
            Pod,
            /** All. */
            Node
        }
    }

    /** @param hostIp empty for all addresses */
    public record PortMapping(Protocol protocol, int containerPort, int hostPort, String hostIp) {
    }

    public record Dns(List<String> servers, List<String> searches, List<String> options) {

        public Dns {
            servers = List.copyOf(servers);
            searches = List.copyOf(searches);
            options = List.copyOf(options);
        }
    }
}

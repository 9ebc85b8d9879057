package io.holdfast.pod;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The fields of {@code spec} that have an effect on one node. Fields that are accepted without effect (tolerations,
 * schedulerName, ...) stay in the JSON of a desired pod only.
 */
public record PodSpec(List<Container> containers, List<Container> initContainers, List<Volume> volumes,
        RestartPolicy restartPolicy, long terminationGracePeriodSeconds, @Nullable Long activeDeadlineSeconds,
        DnsPolicy dnsPolicy, @Nullable DnsConfig dnsConfig, boolean hostNetwork, boolean hostPID, boolean hostIPC,
        boolean shareProcessNamespace, @Nullable String hostname, @Nullable String subdomain,
        boolean setHostnameAsFQDN, List<HostAlias> hostAliases, @Nullable PodSecurityContext securityContext,
        List<LocalObjectReference> imagePullSecrets, Map<String, String> nodeSelector, @Nullable Affinity affinity,
        @Nullable String nodeName, @Nullable String priorityClassName, @Nullable Integer priority,
        @Nullable String runtimeClassName, List<ReadinessGate> readinessGates, @Nullable String serviceAccountName) {

    public PodSpec {
        containers = Lists.of(containers);
        initContainers = Lists.of(initContainers);
        volumes = Lists.of(volumes);
        hostAliases = Lists.of(hostAliases);
        imagePullSecrets = Lists.of(imagePullSecrets);
        nodeSelector = Lists.of(nodeSelector);
        readinessGates = Lists.of(readinessGates);
    }

    /** Spelled as in the manifest. */
    public enum RestartPolicy {
        Always, OnFailure, Never
    }

    /** Spelled as in the manifest. {@code ClusterFirst} reads as {@code Default} here: a node has no cluster DNS. */
    public enum DnsPolicy {
        ClusterFirst, ClusterFirstWithHostNet, Default, None
    }

    public record DnsConfig(List<String> nameservers, List<String> searches, List<Option> options) {

        public DnsConfig {
            nameservers = Lists.of(nameservers);
            searches = Lists.of(searches);
            options = Lists.of(options);
        }

        public record Option(String name, @Nullable String value) {
        }
    }

    public record HostAlias(String ip, List<String> hostnames) {

        public HostAlias {
            hostnames = Lists.of(hostnames);
        }
    }

    public record LocalObjectReference(String name) {
    }

    public record ReadinessGate(String conditionType) {
    }
}

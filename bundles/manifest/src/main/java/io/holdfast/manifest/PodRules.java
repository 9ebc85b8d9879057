package io.holdfast.manifest;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Pod;
import io.holdfast.pod.PodSpec;

/** The API's validation (behaviour I3) of what is not inside a container or a volume. */
final class PodRules {

    private static final String AFTER = "holdfast.io/after";

    private static final int MOST_ANNOTATION_BYTES = 256 * 1024;

    private final Rules rules;

    private PodRules(Rules rules) {
        this.rules = rules;
    }

    static void check(Pod pod, Faults faults) {
        Rules rules = new Rules(faults);
        PodRules self = new PodRules(rules);
        PodSpec spec = pod.spec();
        metadata(pod.metadata(), rules);
        self.after(pod.metadata());
        self.spec(spec);
        self.dns(spec);
        SelectionRules.check(spec, rules);
        VolumeRules.check(spec.volumes(), rules);
        rules.must(!spec.containers().isEmpty(), "spec.containers", "must have at least one container");
        self.containers(spec);
        SecurityRules.check(spec, rules);
        self.hostPorts(spec);
    }

    private void containers(PodSpec spec) {
        rules.unique("spec.containers", "name", spec.containers(), Container::name);
        rules.unique("spec.initContainers", "name", spec.initContainers(), Container::name);
        List<String> names = spec.containers().stream().map(Container::name).toList();
        for (int i = 0; i < spec.containers().size(); i++) {
            new ContainerRules(rules, "spec.containers[" + i + "]", spec).checkMain(spec.containers().get(i));
        }
        for (int i = 0; i < spec.initContainers().size(); i++) {
            Container container = spec.initContainers().get(i);
            rules.must(container.name().isEmpty() || !names.contains(container.name()), "spec.initContainers[" + i + "].name",
                    "must be unique; '" + Tree.brief(container.name()) + "' is one of spec.containers");
            new ContainerRules(rules, "spec.initContainers[" + i + "]", spec).checkInit(container);
        }
    }

    static void metadata(Pod.ObjectMeta metadata, Rules rules) {
        rules.required("metadata.name", metadata.name(), Formats::subdomain);
        rules.required("metadata.namespace", metadata.namespace(), Formats::label);
        rules.optional("metadata.uid", metadata.uid(), Formats::uid);
        metadata.labels().forEach((key, value) -> {
            rules.check("metadata.labels[" + key + "]", Formats.key(key));
            rules.check("metadata.labels[" + key + "]", Formats.labelValue(value));
        });
        metadata.annotations().keySet()
                .forEach(key -> rules.check("metadata.annotations[" + key + "]", Formats.key(key)));
        int size = metadata.annotations().entrySet().stream().mapToInt(e -> e.getKey().length() + e.getValue().length())
                .sum();
        rules.must(size <= MOST_ANNOTATION_BYTES, "metadata.annotations", "must not be larger than 256 KiB together");
    }

    /** Which other pods are to be ready before. */
    private void after(Pod.ObjectMeta metadata) {
        String path = "metadata.annotations[" + AFTER + "]";
        String names = metadata.annotations().get(AFTER);
        rules.must(names == null || !names.isBlank(), path, "must name a pod");
        for (String name : names == null || names.isBlank() ? List.<String>of() : List.of(names.strip().split("[,\\s]+"))) {
            int slash = name.indexOf('/');
            boolean good = Formats.subdomain(name.substring(slash + 1)) == null
                    && (slash < 0 || Formats.label(name.substring(0, slash)) == null);
            rules.must(good, path, "must be names of pods, NAME or NAMESPACE/NAME, with commas between them; found '"
                    + Tree.brief(name) + "'");
        }
    }

    private void spec(PodSpec spec) {
        rules.must(spec.terminationGracePeriodSeconds() >= 0, "spec.terminationGracePeriodSeconds",
                "must not be negative");
        Long deadline = spec.activeDeadlineSeconds();
        rules.must(deadline == null || (deadline >= 1 && deadline <= Integer.MAX_VALUE), "spec.activeDeadlineSeconds",
                "must be between 1 and " + Integer.MAX_VALUE);
        rules.must(!spec.shareProcessNamespace() || !spec.hostPID(), "spec.shareProcessNamespace",
                "must not be true with hostPID");
        for (int i = 0; i < spec.readinessGates().size(); i++) {
            rules.required("spec.readinessGates[" + i + "].conditionType", spec.readinessGates().get(i).conditionType(),
                    Formats::key);
        }
        for (int i = 0; i < spec.imagePullSecrets().size(); i++) {
            rules.required("spec.imagePullSecrets[" + i + "].name", spec.imagePullSecrets().get(i).name(),
                    Formats::subdomain);
        }
        rules.optional("spec.hostname", spec.hostname(), Formats::label);
        rules.optional("spec.subdomain", spec.subdomain(), Formats::label);
        rules.optional("spec.runtimeClassName", spec.runtimeClassName(), Formats::subdomain);
        for (int i = 0; i < spec.hostAliases().size(); i++) {
            String path = "spec.hostAliases[" + i + "]";
            rules.required(path + ".ip", spec.hostAliases().get(i).ip(), Formats::ip);
            each(path + ".hostnames", spec.hostAliases().get(i).hostnames(), Formats::subdomain);
        }
    }

    private void dns(PodSpec spec) {
        PodSpec.DnsConfig dns = spec.dnsConfig();
        List<String> servers = dns == null ? List.of() : dns.nameservers();
        rules.must(spec.dnsPolicy() != PodSpec.DnsPolicy.None || !servers.isEmpty(), "spec.dnsConfig.nameservers",
                "must have at least one nameserver when dnsPolicy is None");
        if (dns == null) {
            return;
        }
        rules.must(servers.size() <= 3, "spec.dnsConfig.nameservers", "must not have more than 3 nameservers");
        each("spec.dnsConfig.nameservers", servers, Formats::ip);
        rules.must(dns.searches().size() <= 32, "spec.dnsConfig.searches", "must not have more than 32 domains");
        rules.must(String.join(" ", dns.searches()).length() <= 2048, "spec.dnsConfig.searches",
                "must not be longer than 2048 characters together");
        each("spec.dnsConfig.searches", dns.searches(), Formats::search);
        for (int i = 0; i < dns.options().size(); i++) {
            rules.required("spec.dnsConfig.options[" + i + "].name", dns.options().get(i).name(), name -> null);
        }
    }

    private void each(String path, List<String> values, Function<String, @Nullable String> format) {
        for (int i = 0; i < values.size(); i++) {
            rules.required(path + "[" + i + "]", values.get(i), format);
        }
    }

    /** Two ports of one pod cannot be the same port of the node. */
    private void hostPorts(PodSpec spec) {
        Set<Map.Entry<String, String>> taken = new HashSet<>();
        hostPorts("spec.containers", spec.containers(), taken);
        hostPorts("spec.initContainers", spec.initContainers(), taken);
    }

    private void hostPorts(String path, List<Container> containers, Set<Map.Entry<String, String>> taken) {
        for (int c = 0; c < containers.size(); c++) {
            boolean stays = path.equals("spec.containers")
                    || containers.get(c).restartPolicy() == PodSpec.RestartPolicy.Always;
            List<Container.ContainerPort> ports = stays ? containers.get(c).ports() : List.of();
            for (int p = 0; p < ports.size(); p++) {
                Container.ContainerPort port = ports.get(p);
                Integer hostPort = port.hostPort();
                if (hostPort != null && hostPort != 0
                        && !taken.add(Map.entry(hostPort + "/" + port.protocol(), address(port.hostIP())))) {
                    rules.check(path + "[" + c + "].ports[" + p + "].hostPort",
                            "must be unique; " + hostPort + "/" + port.protocol() + " is there already");
                }
            }
        }
    }

    private static String address(@Nullable String ip) {
        boolean any = ip == null || ip.isEmpty() || Formats.ip(ip) != null
                || InetAddress.ofLiteral(ip).isAnyLocalAddress();
        return any ? "" : String.valueOf(ip);
    }
}

package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.holdfast.pod.PodSpec;
import io.holdfast.pod.PodSpec.DnsConfig;
import io.holdfast.pod.PodSpec.DnsPolicy;
import io.holdfast.runtime.SandboxSpec;

/**
 * What a pod's {@code resolv.conf} says (behaviour G4): the node's own for every policy but {@code None}, as there is no
 * cluster to ask first; {@code dnsConfig} is added to it.
 */
final class Dns {

    /** systemd-resolved listens on the node's own loopback, where only pods on the node's network reach it. */
    private static final Set<String> RESOLVED_STUBS = Set.of("127.0.0.53", "127.0.0.54");
    /** It says here which servers it asks itself. */
    private static final Path RESOLVED = Path.of("run/systemd/resolve/resolv.conf");
    private static final Path USUAL = Path.of("etc/resolv.conf");

    private static final int MOST_SERVERS = 3;
    private static final int MOST_SEARCHES = 32;

    private Dns() {
    }

    /**
     * The node's file that holds for a pod.
     *
     * @param root of the node's file system
     */
    static Path file(PodSpec spec, Path root) throws IOException {
        Path usual = root.resolve(USUAL);
        Path resolved = root.resolve(RESOLVED);
        if (spec.hostNetwork() || !Files.exists(usual) || !Files.exists(resolved)) {
            return usual;
        }
        List<String> servers = new ArrayList<>();
        read(Lines.of(usual).toList(), servers, new ArrayList<>(), new LinkedHashMap<>());
        return !servers.isEmpty() && RESOLVED_STUBS.containsAll(servers) ? resolved : usual;
    }

    static SandboxSpec.Dns of(PodSpec spec, Path nodeResolvConf) throws IOException {
        List<String> servers = new ArrayList<>();
        List<String> searches = new ArrayList<>();
        Map<String, String> options = new LinkedHashMap<>();
        if (spec.dnsPolicy() != DnsPolicy.None && Files.exists(nodeResolvConf)) {
            read(Lines.of(nodeResolvConf).toList(), servers, searches, options);
        }
        if (spec.dnsConfig() != null) {
            add(spec.dnsConfig(), servers, searches, options);
        }
        return new SandboxSpec.Dns(servers.stream().distinct().limit(MOST_SERVERS).toList(),
                searches.stream().distinct().limit(MOST_SEARCHES).toList(), options.values().stream().toList());
    }

    private static void add(DnsConfig config, List<String> servers, List<String> searches,
            Map<String, String> options) {
        servers.addAll(config.nameservers());
        searches.addAll(config.searches());
        for (DnsConfig.Option option : config.options()) {
            options.put(option.name(), option.value() == null ? option.name() : option.name() + ":" + option.value());
        }
    }

    /** See resolv.conf(5): the last search line wins. */
    private static void read(List<String> lines, List<String> servers, List<String> searches,
            Map<String, String> options) {
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            List<String> values = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" -> values.stream().findFirst().ifPresent(servers::add);
                case "search" -> {
                    searches.clear();
                    searches.addAll(values);
                }
                case "options" -> values.forEach(o -> options.put(o.split(":", 2)[0], o));
                default -> {
                    // comments, and what no resolver of today reads
                }
            }
        }
    }
}

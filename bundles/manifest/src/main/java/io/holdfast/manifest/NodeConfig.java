package io.holdfast.manifest;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

import io.holdfast.config.ConfigKeys;
import io.holdfast.pod.Node;

/** The node as {@code io.holdfast.node} describes it. */
@Component(service = { Node.class, NodeConfig.class }, configurationPid = NodeConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class NodeConfig implements Node {

    static final String PID = "io.holdfast.node";

    /** Where the last good manifests are, below the state directory. */
    static final String LAST_GOOD = "manifests";

    /** Java's names, in the field's. */
    private static final Map<String, String> ARCHITECTURES = Map.of("x86_64", "amd64", "aarch64", "arm64");
    private static final String STATE_DIRECTORY = "/var/lib/holdfast";

    /** What is left out is found on the machine. */
    public @interface Config {

        /** Default: the host's name. */
        String name() default "";

        /** Default: the first IPv4 address that looks like the machine's own. */
        String ip() default "";

        /** {@code key=value}, beside those that every node has. */
        String[] labels() default {};

        /** {@code key=value:EFFECT} or {@code key:EFFECT}: pods of DaemonSets that do not tolerate them do not run here. */
        String[] taints() default {};

        String state_directory() default STATE_DIRECTORY;

        String pod_log_directory() default "/var/log/pods";

        /** Must be on tmpfs: what Secrets were last good is kept there, never on a disk. */
        String run_directory() default "/run/holdfast";
    }

    /** Container engines' own interfaces carry addresses that nobody outside can reach. */
    private static final Pattern ENGINES = Pattern
            .compile("(docker|cni|veth|br-|virbr|cali|flannel|kube|podman|lxc|cilium|tunl|dummy).*");

    private final String name;
    private final String ip;
    private final Map<String, String> labels;
    private final List<Taint> taints;
    private final Path stateDirectory;
    private final Path podLogDirectory;
    private final Path memoryDirectory;

    @Activate
    public NodeConfig(Config config, Map<String, Object> properties) {
        ConfigKeys.check(properties, Config.class);
        name = name(config.name());
        ip = config.ip().isBlank() ? address() : config.ip().strip();
        check("ip", ip, Formats.ip(ip));
        labels = labels(name, config.labels());
        taints = taints(config.taints());
        stateDirectory = absolute(config.state_directory());
        podLogDirectory = absolute(config.pod_log_directory());
        // several agents of one machine may share the run directory
        memoryDirectory = absolute(config.run_directory() + "/" + LAST_GOOD + stateDirectory);
    }

    /** The node's name when that is configured, or the host's when nothing is. */
    static String name(String configured) {
        String name = (configured.isBlank() ? hostName() : configured.strip()).toLowerCase(Locale.ROOT);
        check("name", name, Formats.subdomain(name));
        return name;
    }

    /** The state directory by the properties of a configuration. */
    static Path stateDirectory(Map<String, String> properties) {
        return absolute(properties.getOrDefault("state.directory", STATE_DIRECTORY));
    }

    /** @param configured in a {@code .cfg} file one text, with commas between the labels */
    static Map<String, String> labels(String name, String[] configured) {
        Map<String, String> labels = new TreeMap<>(Map.of("kubernetes.io/hostname", name, "kubernetes.io/os", "linux",
                "kubernetes.io/arch", ARCHITECTURES.getOrDefault(System.getProperty("os.arch"), System.getProperty("os.arch"))));
        for (String label : each(configured)) {
            int equals = label.indexOf('=');
            check("labels", label, equals < 1 ? "must be key=value, such as example.com/disk=ssd" : null);
            String key = label.substring(0, equals).strip();
            String value = label.substring(equals + 1).strip();
            check("labels", label, Formats.key(key));
            check("labels", label, Formats.labelValue(value));
            labels.put(key, value);
        }
        return Map.copyOf(labels);
    }

    static List<Taint> taints(String[] configured) {
        return each(configured).stream().map(taint -> {
            try {
                return Taint.read(taint);
            } catch (IllegalArgumentException e) {
                check("taints", taint, e.getMessage());
                throw e;
            }
        }).toList();
    }

    private static List<String> each(String[] configured) {
        return Stream.of(configured).flatMap(text -> Stream.of(text.split(","))).map(String::strip)
                .filter(one -> !one.isEmpty()).toList();
    }

    private static Path absolute(String directory) {
        return Path.of(directory).toAbsolutePath().normalize();
    }

    private static void check(String key, String value, @Nullable String complaint) {
        if (complaint != null) {
            throw new IllegalArgumentException("io.holdfast.node: " + key + " '" + value + "': " + complaint);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String ip() {
        return ip;
    }

    @Override
    public Map<String, String> labels() {
        return labels;
    }

    ThisNode thisNode() {
        return new ThisNode(name, labels, taints);
    }

    @Override
    public Path stateDirectory() {
        return stateDirectory;
    }

    @Override
    public Path podLogDirectory() {
        return podLogDirectory;
    }

    /** Where what must never be on a disk outlives the agent, but not the machine's next boot. */
    Path memoryDirectory() {
        return memoryDirectory;
    }

    /** As the kernel has it: no resolver is asked, since that may take seconds. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unknown) {
                throw new IllegalArgumentException("io.holdfast.node: the host has no name; set 'name'", unknown);
            }
        }
    }

    private static String address() {
        Optional<String> way = defaultRoute();
        try {
            return NetworkInterface.networkInterfaces().filter(NodeConfig::isOwn)
                    .sorted(Comparator.comparing((NetworkInterface i) -> !way.equals(Optional.of(i.getName())))
                            .thenComparingInt(NetworkInterface::getIndex))
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(a -> a instanceof Inet4Address && !a.isLinkLocalAddress() && !a.isLoopbackAddress())
                    .map(InetAddress::getHostAddress).findFirst().orElse("127.0.0.1");
        } catch (SocketException e) {
            return "127.0.0.1";
        }
    }

    private static boolean isOwn(NetworkInterface i) {
        try {
            return i.isUp() && !i.isLoopback() && !ENGINES.matcher(i.getName()).matches();
        } catch (SocketException e) {
            return false;
        }
    }

    /** The interface whose route goes everywhere. */
    private static Optional<String> defaultRoute() {
        try {
            List<String> routes = Files.readAllLines(Path.of("/proc/net/route"));
            return routes.stream().map(line -> line.split("\\s+")).filter(f -> f.length > 2 && f[1].equals("00000000"))
                    .map(f -> f[0]).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}

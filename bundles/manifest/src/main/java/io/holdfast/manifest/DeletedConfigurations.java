package io.holdfast.manifest;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * How a source is taken away for good, in contrast to one whose bundle is stopped (design decision 3). That may happen
 * while this bundle is being updated, when nobody is here to be told: so it leaves behind what was configured, and
 * compares when it is back. It leaves that in a system property, which ends with the agent, as it must: what an agent
 * that starts does not find configured, was not deleted while it ran. Nor is anything known to be deleted when it is
 * another Config Admin by then: that may have lost what it was told.
 */
@Component(immediate = true)
public final class DeletedConfigurations implements ConfigurationListener {

    /** The service id of the Config Admin, and a line for each source. */
    private static final String LEFT_BEHIND = "io.holdfast.manifest.configured";

    /** A source and the PID of its configuration. */
    private record Configured(String source, String pid) {

        static Configured parse(String line) {
            int tab = line.indexOf('\t');
            return new Configured(line.substring(0, tab), line.substring(tab + 1));
        }

        String line() {
            return source + "\t" + pid;
        }
    }

    private final Manifests manifests;
    private final ConfigurationAdmin admin;
    private final String adminId;
    /** PIDs by source, as they were left behind: for those that nobody has spoken for since. */
    private final Map<String, String> before = new TreeMap<>();

    @Activate
    public DeletedConfigurations(@Reference Manifests manifests, @Reference ConfigurationAdmin admin,
            @Reference(service = ConfigurationAdmin.class) Map<String, Object> adminProperties) throws IOException {
        this.manifests = manifests;
        this.admin = admin;
        adminId = String.valueOf(adminProperties.get("service.id"));
        List<String> left = System.getProperty(LEFT_BEHIND, "").lines().toList();
        if (!left.isEmpty() && left.getFirst().equals(adminId)) {
            compare(left.stream().skip(1).map(Configured::parse).toList());
        }
    }

    private void compare(List<Configured> left) throws IOException {
        Set<String> now = pids();
        for (Configured source : left) {
            before.put(source.source(), source.pid());
            if (!now.contains(source.pid())) {
                deleted(() -> manifests.withdrawAbsent(source.source()));
            }
        }
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            deleted(() -> manifests.withdraw(event.getPid()));
        }
    }

    @Deactivate
    void close() throws IOException {
        Set<String> now = pids();
        Stream<String> sources = manifests.state().sources().values().stream().map(this::configured)
                .flatMap(Optional::stream).filter(source -> now.contains(source.pid())).map(Configured::line);
        System.setProperty(LEFT_BEHIND, Stream.concat(Stream.of(adminId), sources).collect(Collectors.joining("\n")));
    }

    private Optional<Configured> configured(SourceState source) {
        String pid = source.owner() == null ? before.get(source.name()) : source.owner().pid();
        return Optional.ofNullable(pid).map(p -> new Configured(source.name(), p));
    }

    private Set<String> pids() throws IOException {
        try {
            Configuration[] all = admin.listConfigurations(null);
            return all == null ? Set.of() : Stream.of(all).map(Configuration::getPid).collect(Collectors.toSet());
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("there is no filter that could be wrong", e);
        }
    }

    private interface Withdrawal {

        void run() throws InterruptedException;
    }

    private static void deleted(Withdrawal withdrawal) {
        try {
            withdrawal.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

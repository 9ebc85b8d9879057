package io.holdfast.shell;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.source.DesiredPods;
import io.holdfast.source.ManifestCheck;
import io.holdfast.source.Sources;
import io.holdfast.status.PodGates;
import io.holdfast.status.PodRuntimes;
import io.holdfast.status.PodStatuses;
import io.holdfast.status.Publication;

/** The agent's services as they come and go: a command must not vanish with the bundle that it asks. */
@Component(service = Agent.class, immediate = true)
public final class Agent {

    private static final String NO_RECONCILER = "the reconciler is not running (bundle io.holdfast.reconciler)";
    private static final String NO_READER = "the manifest reader is not running (bundle io.holdfast.manifest)";

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable PodStatuses statuses;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable PodRuntimes podRuntimes;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable PodGates podGates;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Sources sources;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable DesiredPods desired;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable ManifestCheck check;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile List<Map.Entry<Map<String, Object>, ContainerRuntime>> runtimes = List.of();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile List<Map.Entry<Map<String, Object>, Publication>> publications = List.of();

    PodStatuses statuses(String command) {
        PodStatuses present = statuses;
        if (present == null) {
            throw new CommandFailed(command, NO_RECONCILER);
        }
        return present;
    }

    PodRuntimes podRuntimes(String command) {
        PodRuntimes present = podRuntimes;
        if (present == null) {
            throw new CommandFailed(command, NO_RECONCILER);
        }
        return present;
    }

    PodGates podGates(String command) {
        PodGates present = podGates;
        if (present == null) {
            throw new CommandFailed(command, NO_RECONCILER);
        }
        return present;
    }

    Sources sources(String command) {
        Sources present = sources;
        if (present == null) {
            throw new CommandFailed(command, NO_READER);
        }
        return present;
    }

    DesiredPods desired(String command) {
        DesiredPods present = desired;
        if (present == null) {
            throw new CommandFailed(command, NO_READER);
        }
        return present;
    }

    ManifestCheck check(String command) {
        ManifestCheck present = check;
        if (present == null) {
            throw new CommandFailed(command, NO_READER);
        }
        return present;
    }

    /** By {@code runtime.name}. */
    SortedMap<String, ContainerRuntime> runtimes() {
        SortedMap<String, ContainerRuntime> byName = new TreeMap<>();
        for (Map.Entry<Map<String, Object>, ContainerRuntime> runtime : runtimes) {
            byName.put(String.valueOf(runtime.getKey().get(ContainerRuntime.NAME)), runtime.getValue());
        }
        return byName;
    }

    /** By {@code publication.name}. */
    SortedMap<String, Publication.State> publications() {
        SortedMap<String, Publication.State> byName = new TreeMap<>();
        for (Map.Entry<Map<String, Object>, Publication> publication : publications) {
            byName.put(String.valueOf(publication.getKey().get(Publication.NAME)), publication.getValue().state());
        }
        return byName;
    }
}

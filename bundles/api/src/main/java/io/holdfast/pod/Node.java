package io.holdfast.pod;

import java.nio.file.Path;
import java.util.Map;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The machine that the pods run on, as configured by {@code io.holdfast.node}; a service. A changed configuration is a
 * new service.
 */
@ProviderType
public interface Node {

    /** Lower case; the end of every pod's name and part of every UID (behaviours I1, I5). */
    String name();

    /** The address that pods on the host network are reached at, for {@code status.hostIP}. */
    String ip();

    /** What pods may select it by: {@code kubernetes.io/hostname}, {@code kubernetes.io/os} and {@code kubernetes.io/arch}, and what is configured. */
    Map<String, String> labels();

    /** State that must survive a restart of the agent: pod volumes, last-known-good manifests. */
    Path stateDirectory();

    /** Where container logs go, {@code /var/log/pods} or its stand-in (behaviour G2). */
    Path podLogDirectory();
}

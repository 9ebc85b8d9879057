package io.holdfast.status;

import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

import io.holdfast.pod.PodName;

/**
 * On which runtime pods are to run, and how a person changes that; a service of the reconciler. A runtime is meant by its
 * {@code runtime.name}. Every method returns at once, from any thread.
 */
@ProviderType
public interface PodRuntimes {

    /** Where pods run that do not ask for a runtime; empty while none was found. */
    Optional<String> byDefault();

    /**
     * From now on the pod runs there, whatever the configuration says and also after a restart of the agent: it is
     * stopped where it is and started there, as soon as its images are there. Moving it to where it would be anyway
     * takes that back.
     *
     * @throws IllegalArgumentException there is no such pod or no such runtime
     */
    void move(PodName pod, String runtime);

    /**
     * Gives up a runtime that is gone for good: no pod waits for it any more.
     *
     * @throws IllegalArgumentException it is there, or nothing is known of it
     */
    void forget(String runtime);
}

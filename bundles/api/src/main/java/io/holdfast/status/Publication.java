package io.holdfast.status;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

import io.holdfast.pod.PodName;

/**
 * How far this node's pods are shown elsewhere, such as in a Kubernetes API server; a service of whoever publishes them,
 * for shells and metrics.
 */
@ConsumerType
public interface Publication {

    /** Service property, a String such as {@code mirror}. */
    String NAME = "publication.name";

    /** Returns at once, from any thread. */
    State state();

    /**
     * @param target where they are shown, such as a server's URL
     * @param failure why it cannot be reached just now, or null
     * @param since when that began, or null
     * @param published how many pods are shown there as they are
     * @param refused pods that are not, although the target answers (behaviour M8); they run regardless
     */
    record State(String target, @Nullable String failure, @Nullable Instant since, int published,
            Map<PodName, Refusal> refused) {

        public State {
            refused = Map.copyOf(refused);
        }
    }

    /**
     * @param reason for a person: what was asked and what the target said
     * @param attempts how often it was tried; 0: no need to ask, something has to change first
     * @param next when it is tried again, {@link Instant#MAX} for not before something changes
     */
    record Refusal(String reason, Instant since, int attempts, Instant next) {
    }
}

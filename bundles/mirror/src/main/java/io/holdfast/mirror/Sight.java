package io.holdfast.mirror;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import io.holdfast.pod.PodName;
import io.holdfast.status.PodView;

/**
 * Everything that the mirror goes by; each part is written by one thread.
 *
 * @param pods as the reconciler shows them
 * @param complete since when that is all of them, or empty before
 * @param mirrors as the API server shows them
 * @param node the UID of this node's Node, once there is one
 * @param registration what keeps it from being there
 * @param link to the API server
 * @param answers how many requests were answered
 */
record Sight(TreeMap<PodName, PodView> pods, Optional<Instant> complete, Mirrors mirrors, Optional<String> node,
        Link registration, Link link, long answers) {

    static final Sight NONE = new Sight(new TreeMap<>(), Optional.empty(), Mirrors.UNKNOWN, Optional.empty(),
            Link.NEVER, Link.NEVER, 0);

    Sight with(List<PodView> now, Optional<Instant> allSince) {
        TreeMap<PodName, PodView> byName = new TreeMap<>();
        now.forEach(pod -> byName.put(pod.name(), pod));
        return new Sight(byName, allSince, mirrors, node, registration, link, answers);
    }

    Sight withMirrors(UnaryOperator<Mirrors> change) {
        return new Sight(pods, complete, change.apply(mirrors), node, registration, link, answers);
    }

    Sight withNode(Optional<String> uid, Link registered) {
        return new Sight(pods, complete, mirrors, uid, registered, link, answers);
    }

    Sight withLink(Link now) {
        return new Sight(pods, complete, mirrors, node, registration, now, answers);
    }

    Sight answered() {
        return new Sight(pods, complete, mirrors, node, registration, link, answers + 1);
    }

    /** Whether there is anything to go by, and a server that takes it. */
    boolean isReady() {
        return mirrors.known() && node.isPresent() && link.isUp();
    }
}

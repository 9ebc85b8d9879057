package io.holdfast.mirror;

import java.util.HashMap;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that something is refused, once, and that it is not any more. Owned by one thread. */
final class Edges {

    private static final Logger LOG = LoggerFactory.getLogger(Edges.class);

    private final Map<String, String> refused = new HashMap<>();

    /** That there is no answer at all is told elsewhere, once for all. */
    void failed(String what, ApiFailure failure) {
        String why = String.valueOf(failure.getMessage());
        if (failure instanceof ApiFailure.Refused && !why.equals(refused.put(what, why))) {
            LOG.warn("{} refused by the API server, retrying: {}", what, why);
        }
    }

    void well(String what) {
        if (refused.remove(what) != null) {
            LOG.info("{} accepted by the API server again", what);
        }
    }
}

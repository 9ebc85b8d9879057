package io.holdfast.manifest;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.manifest.Known.Duplicate;
import io.holdfast.source.Problem;

/** Says in the log where a problem begins and where all of an origin's problems end, and nothing in between. */
final class Trouble {

    private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);

    private Trouble() {
    }

    static void log(String source, Map<String, Origin> before, Map<String, Origin> now) {
        for (Origin origin : now.values()) {
            Origin old = before.get(origin.name());
            List<Problem> were = old == null ? List.of() : old.problems();
            logNew(source, were, origin.problems());
            if (origin.problems().isEmpty() && !were.isEmpty()) {
                LOG.info("{} is good again source={}", origin.name(), source);
            }
        }
    }

    /** Of the reader's own. */
    static void bug(String source, String origin, Throwable e) {
        LOG.error("cannot read {} source={}", origin, source, e);
    }

    private static void logNew(String source, List<Problem> before, List<Problem> now) {
        if (now.isEmpty()) {
            return;
        }
        Set<String> known = before.stream().map(Trouble::key).collect(Collectors.toSet());
        for (Problem problem : now) {
            if (!known.contains(key(problem))) {
                LOG.warn("{} source={}", problem.text(), source);
            }
        }
    }

    static void logDuplicates(List<Duplicate> before, List<Duplicate> now) {
        for (Duplicate duplicate : now) {
            if (!before.contains(duplicate)) {
                LOG.warn("{} source={}", duplicate.problem().text(), duplicate.source());
            }
        }
        for (Duplicate duplicate : before) {
            if (!now.contains(duplicate)) {
                LOG.info("{}: {} has no rival any more source={}", duplicate.problem().origin(), duplicate.what(),
                        duplicate.source());
            }
        }
    }

    private static String key(Problem problem) {
        return problem.origin() + " " + problem.path() + " " + problem.message() + " " + problem.pod();
    }
}

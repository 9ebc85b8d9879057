package io.holdfast.manifest;

import java.util.List;
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

    static void log(String source, Origin before, Origin now) {
        logNew(source, before.problems(), now.problems());
        if (now.problems().isEmpty() && !before.problems().isEmpty()) {
            LOG.info("{} is good again source={}", now.name(), source);
        }
    }

    private static void logNew(String source, List<Problem> before, List<Problem> now) {
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
                LOG.info("{}: pod {} has no rival any more source={}", duplicate.problem().origin(),
                        duplicate.problem().pod(), duplicate.source());
            }
        }
    }

    private static String key(Problem problem) {
        return problem.origin() + " " + problem.path() + " " + problem.message() + " " + problem.pod();
    }
}

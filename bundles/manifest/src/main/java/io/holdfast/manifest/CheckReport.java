package io.holdfast.manifest;

import java.util.List;
import java.util.Optional;

import io.holdfast.manifest.Changes.Change;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Problem;

/**
 * What a check has found.
 *
 * @param empty directories without manifests
 * @param changes what would change on this node, if that was asked
 * @param inForce how many pods are in force there
 */
record CheckReport(String node, List<String> empty, List<Result> files, Optional<List<Change>> changes, int inForce) {

    /** @param pods the good ones */
    record Result(String file, List<DesiredPod> pods, List<Problem> problems) {
    }

    int problems() {
        return files.stream().mapToInt(file -> file.problems().size()).sum();
    }

    int pods() {
        return files.stream().mapToInt(file -> file.pods().size()).sum();
    }
}

package io.holdfast.manifest;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.holdfast.manifest.Changes.Change;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.FileNames;
import io.holdfast.source.Problem;

/**
 * What a check has found.
 *
 * @param empty directories without manifests
 * @param changes what would change on this node, if that was asked
 * @param inForce how many pods are in force there
 */
record CheckReport(String node, List<String> empty, List<Result> files, Optional<List<Change>> changes, int inForce) {

    /**
     * @param ignored whether the agent would not read a file of this name
     * @param pods the good ones
     */
    record Result(String file, boolean ignored, List<DesiredPod> pods, List<Problem> problems) {
    }

    /** What a person might not expect, although it is no problem. */
    Stream<String> notes() {
        String usual = "(names that end in " + String.join(", ", FileNames.USUAL.extensions()) + ")";
        return Stream.concat(empty.stream().map(directory -> directory + ": no manifests here " + usual),
                files.stream().filter(Result::ignored).map(Result::file)
                        .map(file -> file + ": a source does not read files of this name"));
    }

    int problems() {
        return files.stream().mapToInt(file -> file.problems().size()).sum();
    }

    int pods() {
        return files.stream().mapToInt(file -> file.pods().size()).sum();
    }
}

package io.holdfast.manifest;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.holdfast.manifest.Changes.Change;
import io.holdfast.source.ConfigObject.Key;
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
     * @param objects likewise
     * @param warnings what is no problem yet
     */
    record Result(String file, boolean ignored, List<DesiredPod> pods, List<GoodObject> objects, List<Problem> problems,
            List<String> warnings) {
    }

    /** @param change what becomes of it on this node, such as {@code unchanged}; empty when that was not asked */
    record GoodObject(Key key, String change) {
    }

    /** What a person might not expect, although it is no problem. */
    Stream<String> notes() {
        String usual = "(names that end in " + String.join(", ", FileNames.USUAL.extensions()) + ")";
        return Stream.concat(empty.stream().map(directory -> directory + ": no manifests here " + usual),
                files.stream().flatMap(file -> Stream.concat(
                        file.ignored() ? Stream.of(file.file() + ": a source does not read files of this name")
                                : Stream.empty(),
                        file.warnings().stream().map(warning -> file.file() + ": " + warning))));
    }

    int problems() {
        return files.stream().mapToInt(file -> file.problems().size()).sum();
    }

    int objects() {
        return files.stream().mapToInt(file -> file.objects().size()).sum();
    }

    int pods() {
        return files.stream().mapToInt(file -> file.pods().size()).sum();
    }
}

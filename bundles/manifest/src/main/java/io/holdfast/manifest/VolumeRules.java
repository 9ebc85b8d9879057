package io.holdfast.manifest;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;

import io.holdfast.pod.Volume;

/** The API's validation (behaviour I3) of volumes. */
final class VolumeRules {

    private VolumeRules() {
    }

    static void check(List<Volume> volumes, Rules rules) {
        rules.unique("spec.volumes", "name", volumes, Volume::name);
        for (int i = 0; i < volumes.size(); i++) {
            check("spec.volumes[" + i + "]", volumes.get(i), rules);
        }
    }

    private static void check(String path, Volume volume, Rules rules) {
        rules.required(path + ".name", volume.name(), Formats::label);
        long sources = Stream.of(volume.hostPath(), volume.emptyDir(), volume.configMap(), volume.secret(),
                volume.downwardAPI(), volume.projected()).filter(s -> s != null).count();
        rules.must(sources <= 1, path, "must not have more than one kind of volume");
        Volume.HostPath hostPath = volume.hostPath();
        if (hostPath != null) {
            rules.required(path + ".hostPath.path", hostPath.path(),
                    p -> p.startsWith("/") ? Formats.noBacksteps(p)
                            : "must be an absolute path; found '" + Tree.brief(p) + "'");
        }
        Volume.EmptyDir emptyDir = volume.emptyDir();
        if (emptyDir != null) {
            rules.must(emptyDir.medium().isEmpty() || emptyDir.medium().equals("Memory")
                    || emptyDir.medium().startsWith("HugePages"), path + ".emptyDir.medium",
                    "expected Memory or nothing, found '" + Tree.brief(emptyDir.medium()) + "'");
            if (emptyDir.medium().startsWith("HugePages")) {
                rules.notYet(path + ".emptyDir.medium");
            }
            rules.must(emptyDir.sizeLimit() == null || emptyDir.sizeLimit().amount().compareTo(BigDecimal.ZERO) >= 0,
                    path + ".emptyDir.sizeLimit", "must not be negative");
        }
    }
}

package io.holdfast.manifest;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.holdfast.config.Nearest;
import io.holdfast.pod.Container;
import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.pod.Container.VolumeMount;
import io.holdfast.pod.Volume;

/** The API's validation (behaviour I3) of a container's mounts. */
final class MountRules {

    private static final Set<String> RECURSIVE = Set.of("Disabled", "IfPossible", "Enabled");

    private final Rules rules;
    private final List<String> volumes;

    MountRules(Rules rules, List<Volume> volumes) {
        this.rules = rules;
        this.volumes = volumes.stream().map(Volume::name).toList();
    }

    void check(String path, Container container) {
        rules.unique(path, "mountPath", container.volumeMounts(), VolumeMount::mountPath);
        boolean privileged = container.securityContext() != null
                && Boolean.TRUE.equals(container.securityContext().privileged());
        for (int i = 0; i < container.volumeMounts().size(); i++) {
            check(path + "[" + i + "]", container.volumeMounts().get(i), privileged);
        }
    }

    private void check(String at, VolumeMount mount, boolean privileged) {
        rules.required(at + ".name", mount.name(), name -> volumes.contains(name) ? null
                : "no volume '" + Tree.brief(name) + "' in spec.volumes" + Nearest.hint(name, volumes));
        rules.required(at + ".mountPath", mount.mountPath(), p -> p.contains(":") ? "must not contain ':'" : null);
        rules.must(mount.mountPropagation() != MountPropagation.Bidirectional || privileged, at + ".mountPropagation",
                "Bidirectional is for privileged containers only");
        rules.optional(at + ".subPath", mount.subPath(), Formats::inside);
        rules.optional(at + ".subPathExpr", mount.subPathExpr(), Formats::inside);
        rules.must(isEmpty(mount.subPath()) || isEmpty(mount.subPathExpr()), at + ".subPathExpr",
                "must not stand beside subPath");
        String recursive = mount.recursiveReadOnly();
        if (recursive != null && !recursive.isEmpty()) {
            recursive(at + ".recursiveReadOnly", recursive, mount);
        }
    }

    private void recursive(String at, String value, VolumeMount mount) {
        rules.must(RECURSIVE.contains(value), at, "expected one of Disabled, IfPossible, Enabled; found '"
                + Tree.brief(value) + "'" + Nearest.hint(value, RECURSIVE));
        boolean asked = !value.equals("Disabled");
        rules.must(!asked || mount.readOnly(), at, "must be Disabled, or left out, unless readOnly is true");
        rules.must(!asked || mount.mountPropagation() == null || mount.mountPropagation() == MountPropagation.None, at,
                "must be Disabled, or left out, with a mountPropagation other than None");
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }
}

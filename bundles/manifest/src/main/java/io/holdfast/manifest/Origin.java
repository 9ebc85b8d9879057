package io.holdfast.manifest;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.source.DesiredPod;
import io.holdfast.source.Manifest;
import io.holdfast.source.Problem;

/**
 * What comes from one file or answer.
 *
 * @param manifest what it was read from, or null when its source was away since
 * @param pods those it speaks for, among them what was last good where it cannot be read any more
 */
record Origin(String name, @Nullable Manifest manifest, List<DesiredPod> pods, List<Problem> problems) {

    /** Will be read again even if the text is the same: that takes away what is said here. */
    Origin held(String why) {
        return new Origin(name, null, pods.stream().map(pod -> held(pod, why)).toList(), problems);
    }

    static DesiredPod held(DesiredPod pod, @Nullable String why) {
        return new DesiredPod(pod.pod(), pod.json(), pod.source(), pod.origin(), pod.seen(), why, pod.unfit(),
                pod.problems());
    }
}

package io.holdfast.reconciler;

import java.util.List;
import java.util.Map;

import io.holdfast.pod.Pod;
import io.holdfast.pod.PodSpec.LocalObjectReference;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;

/**
 * The Secrets that a pod names for its images (behaviour C9).
 *
 * @param missing the names of those that are not there; an image is pulled without them as well as can be
 */
record PullSecrets(List<ConfigObject> found, List<String> missing) {

    static PullSecrets of(Pod pod, Map<Key, ConfigObject> objects) {
        String namespace = pod.podName().namespace();
        List<String> names = pod.spec().imagePullSecrets().stream().map(LocalObjectReference::name).distinct().toList();
        List<Key> keys = names.stream().map(name -> new Key(Kind.Secret, namespace, name)).toList();
        return new PullSecrets(keys.stream().filter(objects::containsKey).map(objects::get).toList(),
                keys.stream().filter(key -> !objects.containsKey(key)).map(Key::name).toList());
    }
}

package io.holdfast.reconciler;

import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.holdfast.pod.Container;
import io.holdfast.pod.EnvFromSource;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.Pod;
import io.holdfast.pod.Volume;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;

/** Which ConfigMaps and Secrets a pod refers to, whether they are there or not. */
final class References {

    private final String namespace;
    private final Set<Key> keys = new HashSet<>();

    private References(String namespace) {
        this.namespace = namespace;
    }

    static Set<Key> of(Pod pod) {
        References references = new References(pod.podName().namespace());
        Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream())
                .forEach(references::container);
        pod.spec().volumes().forEach(references::volume);
        pod.spec().imagePullSecrets().forEach(secret -> references.add(Kind.Secret, secret.name()));
        return references.keys;
    }

    /** The objects that came, went, or say something else than before. */
    static Set<Key> changed(Map<Key, ConfigObject> before, Map<Key, ConfigObject> now) {
        Set<Key> changed = new HashSet<>(before.keySet());
        changed.addAll(now.keySet());
        changed.removeIf(key -> Objects.equals(before.get(key), now.get(key)));
        return changed;
    }

    private void container(Container container) {
        for (EnvFromSource from : container.envFrom()) {
            if (from.configMapRef() != null) {
                add(Kind.ConfigMap, from.configMapRef().name());
            }
            if (from.secretRef() != null) {
                add(Kind.Secret, from.secretRef().name());
            }
        }
        for (EnvVar variable : container.env()) {
            if (variable.valueFrom() != null && variable.valueFrom().configMapKeyRef() != null) {
                add(Kind.ConfigMap, variable.valueFrom().configMapKeyRef().name());
            }
            if (variable.valueFrom() != null && variable.valueFrom().secretKeyRef() != null) {
                add(Kind.Secret, variable.valueFrom().secretKeyRef().name());
            }
        }
    }

    private void volume(Volume volume) {
        for (Volume.Projected.Source source : ConfigVolume.sources(volume)) {
            if (source.configMap() != null) {
                add(Kind.ConfigMap, ConfigVolume.name(source.configMap()));
            }
            if (source.secret() != null) {
                add(Kind.Secret, ConfigVolume.name(source.secret()));
            }
        }
    }

    private void add(Kind kind, String name) {
        keys.add(new Key(kind, namespace, name));
    }
}

package io.holdfast.manifest;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.EnvFromSource;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.Pod;
import io.holdfast.pod.Volume;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;

/** What a pod cannot start without: its references to ConfigMaps and Secrets that are not optional (behaviour I4). */
final class References {

    private final String namespace;
    private final Map<Key, ConfigObject> objects;
    private final Set<String> missing = new LinkedHashSet<>();

    private References(String namespace, Map<Key, ConfigObject> objects) {
        this.namespace = namespace;
        this.objects = objects;
    }

    /** What is not there, such as {@code ConfigMap default/web} or {@code key 'port' in ConfigMap default/web}. */
    static List<String> missing(Pod pod, Map<Key, ConfigObject> objects) {
        References references = new References(pod.metadata().namespace(), objects);
        Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream())
                .forEach(references::container);
        pod.spec().volumes().forEach(references::volume);
        return List.copyOf(references.missing);
    }

    private void container(Container container) {
        for (EnvFromSource from : container.envFrom()) {
            all(Kind.ConfigMap, from.configMapRef());
            all(Kind.Secret, from.secretRef());
        }
        for (EnvVar env : container.env()) {
            EnvVar.EnvVarSource from = env.valueFrom();
            if (from != null) {
                one(Kind.ConfigMap, from.configMapKeyRef());
                one(Kind.Secret, from.secretKeyRef());
            }
        }
    }

    private void all(Kind kind, EnvFromSource.@Nullable ObjectRef ref) {
        if (ref != null && !ref.optional()) {
            need(kind, ref.name(), List.of());
        }
    }

    private void one(Kind kind, EnvVar.@Nullable KeyRef ref) {
        if (ref != null && !ref.optional()) {
            need(kind, ref.name(), List.of(ref.key()));
        }
    }

    private void volume(Volume volume) {
        configMap(volume.configMap());
        Volume.SecretSource secret = volume.secret();
        if (secret != null) {
            secret(secret, secret.secretName());
        }
        if (volume.projected() != null) {
            for (Volume.Projected.Source source : volume.projected().sources()) {
                configMap(source.configMap());
                Volume.SecretSource projected = source.secret();
                if (projected != null) {
                    secret(projected, projected.name());
                }
            }
        }
    }

    private void configMap(Volume.@Nullable ConfigMapSource source) {
        if (source != null && !source.optional()) {
            need(Kind.ConfigMap, String.valueOf(source.name()), keys(source.items()));
        }
    }

    private void secret(Volume.SecretSource source, @Nullable String name) {
        if (!source.optional()) {
            need(Kind.Secret, String.valueOf(name), keys(source.items()));
        }
    }

    private static List<String> keys(List<Volume.KeyToPath> items) {
        return items.stream().map(Volume.KeyToPath::key).toList();
    }

    private void need(Kind kind, String name, List<String> keys) {
        Key key = new Key(kind, namespace, name);
        ConfigObject object = objects.get(key);
        if (object == null) {
            missing.add(key.toString());
        } else {
            keys.stream().filter(k -> !object.data().containsKey(k))
                    .forEach(k -> missing.add("key '" + k + "' in " + key));
        }
    }
}

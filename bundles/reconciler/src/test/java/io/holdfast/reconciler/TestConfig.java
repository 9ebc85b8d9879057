package io.holdfast.reconciler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container.VolumeMount;
import io.holdfast.pod.EnvFromSource;
import io.holdfast.pod.EnvFromSource.ObjectRef;
import io.holdfast.pod.EnvVar.EnvVarSource;
import io.holdfast.pod.EnvVar.FieldRef;
import io.holdfast.pod.EnvVar.KeyRef;
import io.holdfast.pod.EnvVar.ResourceFieldRef;
import io.holdfast.pod.Quantity;
import io.holdfast.pod.Volume;
import io.holdfast.pod.Volume.ConfigMapSource;
import io.holdfast.pod.Volume.DownwardApi;
import io.holdfast.pod.Volume.KeyToPath;
import io.holdfast.pod.Volume.Projected;
import io.holdfast.pod.Volume.SecretSource;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Kind;

/** ConfigMaps, Secrets and what refers to them, in few words. */
final class TestConfig {

    private TestConfig() {
    }

    /** @param data key, value, key, value, … */
    static ConfigObject configMap(String name, String... data) {
        return object(Kind.ConfigMap, name, data);
    }

    static ConfigObject secret(String name, String... data) {
        return object(Kind.Secret, name, data);
    }

    private static ConfigObject object(Kind kind, String name, String... data) {
        Map<String, ConfigObject.Value> values = new HashMap<>();
        for (int i = 0; i < data.length; i += 2) {
            values.put(data[i], ConfigObject.Value.of(data[i + 1]));
        }
        return new ConfigObject(new ConfigObject.Key(kind, "default", name), "", values, TestPods.SOURCE, name + ".yaml");
    }

    static ConfigObjects objects(ConfigObject... all) {
        Map<ConfigObject.Key, ConfigObject> byKey = new HashMap<>();
        for (ConfigObject object : all) {
            byKey.put(object.key(), object);
        }
        return new ConfigObjects("default", byKey);
    }

    // ------------------------------------------------------------------ environment

    static EnvVarSource mapKey(String name, String key) {
        return new EnvVarSource(null, null, new KeyRef(name, key, false), null);
    }

    static EnvVarSource secretKey(String name, String key) {
        return new EnvVarSource(null, null, null, new KeyRef(name, key, false));
    }

    static EnvVarSource optional(EnvVarSource from) {
        return new EnvVarSource(null, null, optional(from.configMapKeyRef()), optional(from.secretKeyRef()));
    }

    private static @Nullable KeyRef optional(@Nullable KeyRef ref) {
        return ref == null ? null : new KeyRef(ref.name(), ref.key(), true);
    }

    static EnvVarSource resource(String resource, @Nullable String divisor) {
        return new EnvVarSource(null, new ResourceFieldRef(null, resource, divisor == null ? null : new Quantity(divisor)),
                null, null);
    }

    static EnvFromSource allOf(@Nullable String prefix, String configMap) {
        return new EnvFromSource(prefix, new ObjectRef(configMap, false), null);
    }

    static EnvFromSource allOfSecret(@Nullable String prefix, String secret) {
        return new EnvFromSource(prefix, null, new ObjectRef(secret, false));
    }

    static EnvFromSource optional(EnvFromSource from) {
        return new EnvFromSource(from.prefix(), from.configMapRef() == null ? null : new ObjectRef(from.configMapRef().name(), true),
                from.secretRef() == null ? null : new ObjectRef(from.secretRef().name(), true));
    }

    // ------------------------------------------------------------------ volumes

    static KeyToPath item(String key, String path, @Nullable Integer mode) {
        return new KeyToPath(key, path, mode);
    }

    static Volume of(String volume, ConfigMapSource source) {
        return new Volume(volume, null, null, source, null, null, null);
    }

    static Volume of(String volume, SecretSource source) {
        return new Volume(volume, null, null, null, source, null, null);
    }

    static Volume of(String volume, DownwardApi source) {
        return new Volume(volume, null, null, null, null, source, null);
    }

    static Volume projected(String volume, @Nullable Integer mode, Projected.Source... sources) {
        return new Volume(volume, null, null, null, null, null, new Projected(List.of(sources), mode));
    }

    static ConfigMapSource ofConfigMap(String name, KeyToPath... items) {
        return new ConfigMapSource(name, List.of(items), null, false);
    }

    static SecretSource ofSecret(String name, KeyToPath... items) {
        return new SecretSource(name, null, List.of(items), null, false);
    }

    static DownwardApi.Item field(String path, String field) {
        return new DownwardApi.Item(path, new FieldRef("v1", field), null, null);
    }

    static VolumeMount subPath(String volume, String at, String subPath) {
        return new VolumeMount(volume, at, false, subPath, null, null, null);
    }

    static VolumeMount subPathExpr(String volume, String at, String expression) {
        return new VolumeMount(volume, at, false, null, expression, null, null);
    }
}

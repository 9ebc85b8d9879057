package io.holdfast.reconciler;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Volume;
import io.holdfast.pod.Volume.ConfigMapSource;
import io.holdfast.pod.Volume.DownwardApi;
import io.holdfast.pod.Volume.KeyToPath;
import io.holdfast.pod.Volume.Projected.Source;
import io.holdfast.pod.Volume.SecretSource;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;
import io.holdfast.source.ConfigObject.Value;

/** The files that a configMap, secret, downwardAPI or projected volume is to have. */
final class ConfigVolume {

    private static final int DEFAULT_MODE = 0644;

    /**
     * A file to be.
     *
     * @param from the object and the key that it shows, or null for what is of the pod itself
     */
    record File(Value content, int mode, @Nullable From from) {

        record From(Key object, String key) {
        }
    }

    private final PodFields fields;
    private final ConfigObjects objects;
    private final int defaultMode;
    private final SortedMap<String, File> files = new TreeMap<>();

    private ConfigVolume(PodFields fields, ConfigObjects objects, int defaultMode) {
        this.fields = fields;
        this.objects = objects;
        this.defaultMode = defaultMode;
    }

    /** Whether the volume is one of those four. */
    static boolean is(Volume volume) {
        return volume.hostPath() == null && volume.emptyDir() == null;
    }

    /** What the four have in common: all are made of such sources. */
    static List<Source> sources(Volume volume) {
        return volume.projected() != null ? volume.projected().sources()
                : volume.configMap() != null ? List.of(new Source(volume.configMap(), null, null))
                : volume.secret() != null ? List.of(new Source(null, volume.secret(), null))
                : volume.downwardAPI() != null ? List.of(new Source(null, null, volume.downwardAPI()))
                : List.of();
    }

    static boolean hasSecret(Volume volume) {
        return sources(volume).stream().anyMatch(source -> source.secret() != null);
    }

    static String name(ConfigMapSource source) {
        return source.name() == null ? "" : source.name();
    }

    /** A volume says {@code secretName} where a projected source says {@code name}. */
    static String name(SecretSource source) {
        return source.secretName() != null ? source.secretName() : source.name() != null ? source.name() : "";
    }

    /**
     * By path in the volume.
     *
     * @throws Unresolved an object or a key is not there, and not optional
     */
    static SortedMap<String, File> files(Volume volume, PodFields fields, ConfigObjects objects) throws IOException {
        Integer mode = volume.projected() == null ? null : volume.projected().defaultMode();
        ConfigVolume made = new ConfigVolume(fields, objects, mode == null ? DEFAULT_MODE : mode);
        for (Source source : sources(volume)) {
            made.add(source);
        }
        return made.files;
    }

    private void add(Source source) throws IOException {
        if (source.configMap() != null) {
            ConfigMapSource map = source.configMap();
            object(Kind.ConfigMap, name(map), map.items(), map.defaultMode(), map.optional());
        }
        if (source.secret() != null) {
            SecretSource secret = source.secret();
            object(Kind.Secret, name(secret), secret.items(), secret.defaultMode(), secret.optional());
        }
        if (source.downwardAPI() != null) {
            downward(source.downwardAPI());
        }
    }

    private void object(Kind kind, String name, List<KeyToPath> items, @Nullable Integer mode, boolean optional)
            throws Unresolved {
        Optional<ConfigObject> found = objects.find(kind, name, optional);
        Map<String, Value> data = found.map(ConfigObject::data).orElse(Map.of());
        if (items.isEmpty()) {
            data.forEach((key, value) -> put(key, value, mode, null, new File.From(objects.key(kind, name), key)));
        }
        for (KeyToPath item : items) {
            Value value = data.get(item.key());
            if (value != null) {
                put(item.path(), value, mode, item.mode(), new File.From(objects.key(kind, name), item.key()));
            } else if (!optional) {
                throw new Unresolved(switch (kind) {
                    case ConfigMap -> "configmap references non-existent config key: ";
                    case Secret -> "references non-existent secret key: ";
                } + item.key());
            }
        }
    }

    private void downward(DownwardApi source) throws IOException {
        for (DownwardApi.Item item : source.items()) {
            String text = item.resourceFieldRef() != null ? fields.resource(item.resourceFieldRef(), null)
                    : item.fieldRef() != null ? fields.field(item.fieldRef().fieldPath()) : "";
            put(item.path(), Value.of(text), source.defaultMode(), item.mode(), null);
        }
    }

    private void put(String path, Value content, @Nullable Integer ofSource, @Nullable Integer ofItem, File.@Nullable From from) {
        int mode = ofItem != null ? ofItem : ofSource != null ? ofSource : defaultMode;
        files.put(path, new File(content, mode, from));
    }
}

package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.holdfast.pod.Container;
import io.holdfast.pod.Container.VolumeMount;
import io.holdfast.pod.EnvFromSource;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.Volume;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;
import io.holdfast.source.ConfigObject.Value;

/**
 * What a container has read of ConfigMaps and Secrets for good when it was made: by its environment, and by a subPath,
 * which shows a file as it was. It is written on the container as a hash for each object (design decision 4), with the
 * pod's UID as the key, so that equal values of two pods do not look equal.
 */
final class ReadConfig {

    /** Annotation on containers, such as {@code ConfigMap/web=0a1b…,Secret/web=…}. */
    static final String ANNOTATION = "io.holdfast.config";

    private final ConfigObjects objects;
    private final SortedMap<Key, SortedMap<String, Value>> read = new TreeMap<>(
            Comparator.comparing(Key::kind).thenComparing(Key::name));

    /** @throws Unresolved as it is now, the container could not be made */
    ReadConfig(Container container, PodFields fields, ConfigObjects objects) throws IOException {
        this.objects = objects;
        Environment environment = new Environment(container, fields, objects);
        container.envFrom().forEach(this::read);
        container.env().stream().filter(variable -> variable.valueFrom() != null).forEach(this::read);
        for (VolumeMount mount : container.volumeMounts()) {
            Path subPath = ContainerMounts.subPath(mount, container, environment);
            for (Volume volume : fields.pod().spec().volumes()) {
                if (subPath != null && volume.name().equals(mount.name()) && ConfigVolume.is(volume)) {
                    read(subPath, ConfigVolume.files(volume, fields, objects));
                }
            }
        }
    }

    private void read(EnvFromSource from) {
        if (from.configMapRef() != null) {
            readAll(Kind.ConfigMap, from.configMapRef().name());
        }
        if (from.secretRef() != null) {
            readAll(Kind.Secret, from.secretRef().name());
        }
    }

    private void read(EnvVar variable) {
        EnvVar.EnvVarSource from = variable.valueFrom();
        if (from != null && from.configMapKeyRef() != null) {
            read(objects.key(Kind.ConfigMap, from.configMapKeyRef().name()), from.configMapKeyRef().key());
        }
        if (from != null && from.secretKeyRef() != null) {
            read(objects.key(Kind.Secret, from.secretKeyRef().name()), from.secretKeyRef().key());
        }
    }

    private void read(Path subPath, Map<String, ConfigVolume.File> files) throws Unresolved {
        List<ConfigVolume.File> seen = files.entrySet().stream().filter(e -> Path.of(e.getKey()).startsWith(subPath))
                .map(Map.Entry::getValue).toList();
        if (seen.isEmpty()) {
            throw new Unresolved("'" + subPath + "' is not there");
        }
        for (ConfigVolume.File file : seen) {
            if (file.from() != null) {
                read(file.from().object(), file.from().key());
            }
        }
    }

    private void readAll(Kind kind, String name) {
        Key key = objects.key(kind, name);
        of(key).putAll(data(key));
    }

    /** One that is optional and not there leaves no trace but that of its object. */
    private void read(Key object, String key) {
        Value value = data(object).get(key);
        if (value != null) {
            of(object).put(key, value);
        } else {
            of(object);
        }
    }

    private SortedMap<String, Value> of(Key object) {
        return read.computeIfAbsent(object, _ -> new TreeMap<>());
    }

    private Map<String, Value> data(Key object) {
        ConfigObject found = objects.all().get(object);
        return found == null ? Map.of() : found.data();
    }

    /** For {@link #ANNOTATION}; empty when nothing was read. */
    String hashes(String uid) {
        return read.entrySet().stream().map(e -> e.getKey().kind() + "/" + e.getKey().name() + "=" + hash(e.getValue(), uid))
                .collect(Collectors.joining(","));
    }

    /** Why a container that was made with other hashes is outdated; empty when it is not, or nobody knows. */
    Optional<String> changedSince(String hashes, String uid) {
        Map<String, String> before = parsed(hashes);
        return read.entrySet().stream()
                .filter(e -> {
                    String was = before.get(e.getKey().kind() + "/" + e.getKey().name());
                    return was != null && !was.equals(hash(e.getValue(), uid));
                })
                .map(e -> "its " + e.getKey() + " changed").findFirst();
    }

    private static Map<String, String> parsed(String hashes) {
        Map<String, String> parsed = new HashMap<>();
        for (String each : hashes.split(",", -1)) {
            String[] parts = each.split("=", 2);
            if (parts.length == 2) {
                parsed.put(parts[0], parts[1]);
            }
        }
        return parsed;
    }

    private static String hash(SortedMap<String, Value> values, String uid) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            update(digest, uid.getBytes(StandardCharsets.UTF_8));
            values.forEach((key, value) -> {
                update(digest, key.getBytes(StandardCharsets.UTF_8));
                update(digest, value.bytes());
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** With its length, so that no two lists of values look the same. */
    private static void update(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}

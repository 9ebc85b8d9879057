package io.holdfast.manifest;

import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Tree.Obj;
import io.holdfast.manifest.Tree.Place;
import io.holdfast.pod.Pod;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;
import io.holdfast.source.ConfigObject.Value;

/** A ConfigMap or a Secret from its tree (behaviour I4), checked as the API does. No message tells a value. */
final class ObjectReader {

    private static final int MOST_BYTES = 1024 * 1024;
    private static final List<String> DATA = List.of("data", "stringData", "binaryData");
    /** Which keys a Secret of some type must have. */
    private static final Map<String, List<String>> NEEDED = Map.of("kubernetes.io/tls", List.of("tls.crt", "tls.key"),
            "kubernetes.io/ssh-auth", List.of("ssh-privatekey"),
            "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"),
            "kubernetes.io/dockercfg", List.of(".dockercfg"));

    private final Obj root;
    private final Faults faults;
    private final Fields fields;
    private final Map<String, Value> data = new HashMap<>();

    private ObjectReader(Obj root, Faults faults) {
        this.root = root;
        this.faults = faults;
        fields = new Fields(root, "", ConfigObject.class, faults);
    }

    /** Which object it is, when the manifest says enough to know it. */
    static @Nullable Key key(Obj root, Kind kind) {
        Obj metadata = root.object("metadata");
        String name = metadata.text("name");
        String namespace = metadata.text("namespace");
        return name == null || name.isEmpty() ? null
                : new Key(kind, namespace == null || namespace.isEmpty() ? "default" : namespace, name);
    }

    /** The object, of use only when no fault was added; its source and origin are for the caller to say. */
    static Reading.ReadObject read(Obj root, Kind kind, Faults faults) {
        DATA.forEach(field -> root.object(field).fields().replaceAll(
                (key, value) -> value instanceof Tree.Null(Place at) ? new Tree.Text(at, "") : value));
        Identity.normalise(root, ConfigObject.class);
        root.objectOrNew("metadata").putIfAbsent("namespace", "default");
        return new ObjectReader(root, faults).read(kind);
    }

    private Reading.ReadObject read(Kind kind) {
        Pod.ObjectMeta metadata = fields.object("metadata", Pod.ObjectMeta.class, PodBinder::metadata);
        if (metadata != null) {
            PodRules.metadata(metadata, new Rules(faults));
        }
        String type = switch (kind) {
            case ConfigMap -> {
                take("data", Value::of);
                take("binaryData", text -> Value.binary(base64(text).bytes()));
                yield "";
            }
            case Secret -> {
                take("data", ObjectReader::base64);
                take("stringData", Value::of);
                yield type();
            }
        };
        fields.end();
        int size = data.values().stream().mapToInt(value -> value.bytes().length).sum();
        if (size > MOST_BYTES) {
            faults.add(root.has("data") ? "data" : "", "must not be larger than 1 MiB together, found " + size + " bytes");
        }
        return new Reading.ReadObject(type, data);
    }

    private String type() {
        String type = Objects.requireNonNullElse(fields.text("type"), "");
        NEEDED.getOrDefault(type, List.of()).stream().filter(key -> !data.containsKey(key))
                .forEach(key -> faults.add("data[" + key + "]", "is required in a Secret of type " + type));
        return type.isEmpty() ? "Opaque" : type;
    }

    private void take(String field, Function<String, Value> decode) {
        fields.ignore(field);
        Tree map = root.get(field);
        if (map instanceof Obj o) {
            o.fields().forEach((key, value) -> take(field, key, value, decode));
        } else if (map != null) {
            faults.add(map.place(), field, "expected an object, found " + Tree.kind(map));
        }
    }

    private void take(String field, String key, Tree value, Function<String, Value> decode) {
        String path = field + "[" + key + "]";
        String wrong = Formats.dataKey(key);
        if (wrong != null) {
            faults.add(root.object(field).placeOf(key), path, wrong);
        } else if (!(value instanceof Tree.Text(Place _, String text))) {
            faults.add(value.place(), path, "expected a string, found " + Tree.kind(value) + "; a string stands in quotes");
        } else if (field.equals("binaryData") && root.object("data").has(key)) {
            faults.add(value.place(), path, "is in data, too");
        } else {
            try {
                data.put(key, decode.apply(text));
            } catch (IllegalArgumentException e) {
                faults.add(value.place(), path,
                        "must be base64" + (field.equals("data") ? "; stringData takes plain text" : ""));
            }
        }
    }

    /** As Go reads it: lines may be broken anywhere, and nothing may be missing at the end. */
    private static Value base64(String text) {
        String line = text.replaceAll("[\r\n]", "");
        if (line.length() % 4 != 0) {
            throw new IllegalArgumentException();
        }
        return Value.of(Base64.getDecoder().decode(line));
    }
}

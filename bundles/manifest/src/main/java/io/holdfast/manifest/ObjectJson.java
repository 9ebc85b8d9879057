package io.holdfast.manifest;

import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonGenerator;

import io.holdfast.manifest.Origin.KeptObject;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;
import io.holdfast.source.ConfigObject.Value;

/**
 * An object as {@link LastGood} has it: {@code {"origin":…,"kind":…,"namespace":…,"name":…,"type":…,"data":{…},"binary":[…]}}, with
 * values in base64.
 */
final class ObjectJson {

    private ObjectJson() {
    }

    static void write(ConfigObject object, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("origin", object.origin());
        out.writeStringField("kind", object.key().kind().name());
        out.writeStringField("namespace", object.key().namespace());
        out.writeStringField("name", object.key().name());
        out.writeStringField("type", object.type());
        out.writeObjectFieldStart("data");
        for (Map.Entry<String, Value> entry : object.data().entrySet()) {
            out.writeBinaryField(entry.getKey(), entry.getValue().bytes());
        }
        out.writeEndObject();
        out.writeArrayFieldStart("binary");
        for (Map.Entry<String, Value> entry : object.data().entrySet()) {
            if (entry.getValue().isBinary()) {
                out.writeString(entry.getKey());
            }
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    /** @throws IllegalArgumentException when this version cannot read it */
    static KeptObject restore(String source, Tree.Obj entry, Instant seen) {
        Key key = new Key(Kind.valueOf(text(entry, "kind")), text(entry, "namespace"), text(entry, "name"));
        Map<String, Value> data = new HashMap<>();
        Tree.Obj values = entry.object("data");
        Set<String> binary = binary(entry);
        values.fields().keySet().forEach(name -> {
            byte[] bytes = Base64.getDecoder().decode(text(values, name));
            data.put(name, binary.contains(name) ? Value.binary(bytes) : Value.of(bytes));
        });
        return new KeptObject(new ConfigObject(key, text(entry, "type"), data, source, text(entry, "origin")), seen, true);
    }

    private static Set<String> binary(Tree.Obj entry) {
        return entry.get("binary") instanceof Tree.Arr(Tree.Place _, List<Tree> names)
                ? names.stream().flatMap(n -> n instanceof Tree.Text(Tree.Place _, String name) ? Stream.of(name) : Stream.empty())
                        .collect(Collectors.toSet())
                : Set.of();
    }

    private static String text(Tree.Obj entry, String name) {
        String text = entry.text(name);
        if (text == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return text;
    }
}

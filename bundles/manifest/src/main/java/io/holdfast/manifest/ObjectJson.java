package io.holdfast.manifest;

import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonGenerator;

import io.holdfast.manifest.Origin.KeptObject;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;
import io.holdfast.source.ConfigObject.Value;

/**
 * An object as {@link LastGood} has it: {@code {"origin":…,"kind":…,"namespace":…,"name":…,"type":…,"data":{…}}}, with
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
        out.writeEndObject();
    }

    /** @throws IllegalArgumentException when this version cannot read it */
    static KeptObject restore(String source, Tree.Obj entry, Instant seen) {
        Key key = new Key(Kind.valueOf(text(entry, "kind")), text(entry, "namespace"), text(entry, "name"));
        Map<String, Value> data = new HashMap<>();
        Tree.Obj values = entry.object("data");
        values.fields().keySet().forEach(name -> data.put(name, Value.of(Base64.getDecoder().decode(text(values, name)))));
        return new KeptObject(new ConfigObject(key, text(entry, "type"), data, source, text(entry, "origin")), seen, true);
    }

    private static String text(Tree.Obj entry, String name) {
        String text = entry.text(name);
        if (text == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return text;
    }
}

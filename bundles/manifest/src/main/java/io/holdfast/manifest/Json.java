package io.holdfast.manifest;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

import io.holdfast.manifest.Tree.Place;
import io.holdfast.source.Manifest;

/** Writes trees. */
final class Json {

    /** Names are not kept in a table, which hostile ones could fill; escapes are what UIDs have been made of. */
    static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder().maxNameLength(Manifest.Text.MAX_BYTES)
                    .maxStringLength(Manifest.Text.MAX_BYTES).maxNumberLength(JsonReader.LONGEST_NUMBER).build())
            .characterEscapes(new JsonEscapes())
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .build();

    private Json() {
    }

    /** Compact, in the order of the tree. */
    static String write(Tree tree) {
        return write(tree, false);
    }

    /** The same for all spellings of the same content: keys sorted, fields that hold nothing left out. */
    static String canonical(Tree tree) {
        return write(tree, true);
    }

    private static String write(Tree tree, boolean canonical) {
        StringWriter text = new StringWriter(1024);
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            write(tree, canonical, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(Tree tree, boolean canonical, JsonGenerator out) throws IOException {
        switch (tree) {
            case Tree.Obj o -> object(canonical ? new TreeMap<>(o.fields()) : o.fields(), canonical, out);
            case Tree.Arr(Place _, List<Tree> items) -> {
                out.writeStartArray();
                for (Tree item : items) {
                    write(item, canonical, out);
                }
                out.writeEndArray();
            }
            case Tree.Text(Place _, String value) -> out.writeString(value);
            case Tree.Num(Place _, String json) -> out.writeNumber(json);
            case Tree.Bool(Place _, boolean value, String _) -> out.writeBoolean(value);
            case Tree.Null _ -> out.writeNull();
        }
    }

    private static void object(Map<String, Tree> fields, boolean canonical, JsonGenerator out) throws IOException {
        out.writeStartObject();
        for (Map.Entry<String, Tree> field : fields.entrySet()) {
            if (!canonical || !isEmpty(field.getValue())) {
                out.writeFieldName(field.getKey());
                write(field.getValue(), canonical, out);
            }
        }
        out.writeEndObject();
    }

    /** Objects of nothing but empty ones count as empty, too. */
    private static boolean isEmpty(Tree tree) {
        return switch (tree) {
            case Tree.Null _ -> true;
            case Tree.Arr(Place _, List<Tree> items) -> items.isEmpty();
            case Tree.Obj o -> o.fields().values().stream().allMatch(Json::isEmpty);
            case Tree.Text _, Tree.Num _, Tree.Bool _ -> false;
        };
    }
}

package io.holdfast.runtime.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

/**
 * A value of the Engine's API. What is not there reads as empty, 0 or false, as the Engine leaves such out.
 *
 * @param value a String, Long, Double, Boolean, List or Map, without nulls; or null
 */
record Json(@Nullable Object value) {

    static final Json NOTHING = new Json(null);

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Takes values one after another. */
    interface Each {
        void take(Json value) throws InterruptedException;
    }

    /** The first value, or nothing when there is none. */
    static Json read(InputStream in) throws IOException {
        try (JsonParser parser = FACTORY.createParser(in)) {
            return parser.nextToken() == null ? NOTHING : new Json(value(parser));
        }
    }

    /** Each value as soon as it is there, until the stream ends. */
    static void each(InputStream in, Each each) throws IOException, InterruptedException {
        try (JsonParser parser = FACTORY.createParser(in)) {
            while (parser.nextToken() != null) {
                each.take(new Json(value(parser)));
            }
        }
    }

    private static @Nullable Object value(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case START_OBJECT -> object(in);
            case START_ARRAY -> array(in);
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IOException("unexpected in JSON: " + in.currentToken());
        };
    }

    private static Map<String, Object> object(JsonParser in) throws IOException {
        Map<String, Object> fields = new HashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            Object value = value(in);
            if (value != null) {
                fields.put(name, value);
            }
        }
        return fields;
    }

    private static List<Object> array(JsonParser in) throws IOException {
        List<Object> items = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            Object value = value(in);
            if (value != null) {
                items.add(value);
            }
        }
        return items;
    }

    /** @param value of the kinds that a Json may have */
    static byte[] write(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            write(out, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        switch (value) {
            case Map<?, ?> fields -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> field : fields.entrySet()) {
                    out.writeFieldName(field.getKey().toString());
                    write(out, field.getValue());
                }
                out.writeEndObject();
            }
            case List<?> items -> {
                out.writeStartArray();
                for (Object item : items) {
                    write(out, item);
                }
                out.writeEndArray();
            }
            case Boolean flag -> out.writeBoolean(flag);
            case Number number -> out.writeNumber(number.longValue());
            case String text -> out.writeString(text);
            case Object other -> throw new IllegalArgumentException("not JSON: " + other.getClass());
        }
    }

    Json at(String... path) {
        @Nullable Object found = value;
        for (String name : path) {
            found = found instanceof Map<?, ?> fields ? fields.get(name) : null;
        }
        return new Json(found);
    }

    String text() {
        return value == null ? "" : value.toString();
    }

    long number() {
        return value instanceof Number number ? number.longValue() : 0;
    }

    boolean flag() {
        return Boolean.TRUE.equals(value);
    }

    List<Json> items() {
        return value instanceof List<?> items ? items.stream().map(i -> new Json(i)).toList() : List.of();
    }

    Map<String, Json> fields() {
        Map<String, Json> all = new HashMap<>();
        if (value instanceof Map<?, ?> fields) {
            fields.forEach((name, each) -> all.put(name.toString(), new Json(each)));
        }
        return all;
    }

    Map<String, String> texts() {
        Map<String, String> all = new HashMap<>();
        fields().forEach((name, each) -> all.put(name, each.text()));
        return all;
    }
}

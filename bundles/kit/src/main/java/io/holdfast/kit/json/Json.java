package io.holdfast.kit.json;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;

/** Writes indented JSON; absent and empty texts are left out, as Kubernetes does. */
public final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Writes what stands between the braces or brackets. */
    public interface Body {
        void write(Json json) throws IOException;
    }

    /** Writes one element. */
    public interface Element<T> {
        void write(Json json, T element) throws IOException;
    }

    private final JsonGenerator out;

    private Json(JsonGenerator out) {
        this.out = out;
    }

    public static String object(Body body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            out.setPrettyPrinter(asKubectl());
            new Json(out).braces(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }

    public Json text(String name, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            out.writeStringField(name, value);
        }
        return this;
    }

    /** Also when it is empty: a field that Kubernetes requires. */
    public Json required(String name, String value) throws IOException {
        out.writeStringField(name, value);
        return this;
    }

    public Json number(String name, long value) throws IOException {
        out.writeNumberField(name, value);
        return this;
    }

    public Json flag(String name, boolean value) throws IOException {
        out.writeBooleanField(name, value);
        return this;
    }

    public Json time(String name, @Nullable Instant value) throws IOException {
        return text(name, value == null ? null : value.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    public Json object(String name, Body body) throws IOException {
        out.writeFieldName(name);
        return braces(body);
    }

    public <T> Json objects(String name, List<T> elements, Element<T> element) throws IOException {
        out.writeArrayFieldStart(name);
        for (T each : elements) {
            braces(json -> element.write(json, each));
        }
        out.writeEndArray();
        return this;
    }

    public Json texts(String name, List<String> values) throws IOException {
        out.writeArrayFieldStart(name);
        for (String value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
        return this;
    }

    /** Copies the fields of an object that is there as text. */
    public Json fieldsOf(String object) throws IOException {
        try (JsonParser in = FACTORY.createParser(object)) {
            in.nextToken();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                out.copyCurrentStructure(in);
            }
        }
        return this;
    }

    private static DefaultPrettyPrinter asKubectl() {
        DefaultIndenter lines = new DefaultIndenter("    ", "\n");
        return new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER).withObjectEmptySeparator("")
                .withArrayEmptySeparator("")).withObjectIndenter(lines).withArrayIndenter(lines);
    }

    private Json braces(Body body) throws IOException {
        out.writeStartObject();
        body.write(this);
        out.writeEndObject();
        return this;
    }
}

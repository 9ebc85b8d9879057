package io.holdfast.manifest;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;

import io.holdfast.manifest.Changes.Change;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Problem;

/** A report for programs. */
final class CheckJson {

    private final JsonGenerator out;

    private CheckJson(JsonGenerator out) {
        this.out = out;
    }

    static String of(CheckReport report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = Json.FACTORY.createGenerator(text)) {
            DefaultIndenter lines = new DefaultIndenter("    ", "\n");
            out.setPrettyPrinter(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER).withArrayEmptySeparator(""))
                    .withObjectIndenter(lines).withArrayIndenter(lines));
            new CheckJson(out).report(report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }

    private void report(CheckReport report) throws IOException {
        out.writeStartObject();
        out.writeStringField("node", report.node());
        out.writeBooleanField("good", report.problems() == 0);
        out.writeArrayFieldStart("files");
        for (CheckReport.Result file : report.files()) {
            file(file);
        }
        out.writeEndArray();
        List<String> notes = report.notes().toList();
        if (!notes.isEmpty()) {
            out.writeFieldName("notes");
            out.writeArray(notes.toArray(String[]::new), 0, notes.size());
        }
        if (report.changes().isPresent()) {
            out.writeArrayFieldStart("changes");
            for (Change change : report.changes().get()) {
                change(change);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private void file(CheckReport.Result file) throws IOException {
        out.writeStartObject();
        out.writeStringField("file", file.file());
        List<String> pods = file.pods().stream().map(DesiredPod::name).map(Object::toString).toList();
        out.writeFieldName("pods");
        out.writeArray(pods.toArray(String[]::new), 0, pods.size());
        if (!file.objects().isEmpty()) {
            objects(file.objects());
        }
        out.writeArrayFieldStart("problems");
        for (Problem problem : file.problems()) {
            problem(problem);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void objects(List<CheckReport.GoodObject> objects) throws IOException {
        out.writeArrayFieldStart("objects");
        for (CheckReport.GoodObject object : objects) {
            out.writeStartObject();
            out.writeStringField("kind", object.key().kind().name());
            out.writeStringField("namespace", object.key().namespace());
            out.writeStringField("name", object.key().name());
            text("change", object.change());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void problem(Problem problem) throws IOException {
        out.writeStartObject();
        if (problem.line() > 0) {
            out.writeNumberField("line", problem.line());
            out.writeNumberField("column", problem.column());
        }
        text("path", problem.path());
        text("message", problem.message());
        text("consequence", problem.consequence());
        text("pod", problem.pod() == null ? "" : problem.pod().toString());
        out.writeEndObject();
    }

    private void change(Change change) throws IOException {
        out.writeStartObject();
        out.writeStringField("pod", change.pod().toString());
        out.writeStringField("change", change.kind().toString());
        text("file", change.file() == null ? "" : change.file());
        if (change.before() != null) {
            out.writeObjectFieldStart("inForce");
            out.writeStringField("source", change.before().source());
            out.writeStringField("origin", change.before().origin());
            out.writeEndObject();
        }
        out.writeArrayFieldStart("fields");
        for (PodDiff.Field field : change.fields()) {
            out.writeStartObject();
            out.writeStringField("path", field.path());
            out.writeStringField("before", field.before());
            out.writeStringField("after", field.after());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    /** What is empty is left out. */
    private void text(String name, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeStringField(name, value);
        }
    }
}

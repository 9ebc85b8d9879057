package io.holdfast.manifest;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Changes.Change;
import io.holdfast.manifest.Changes.Kind;
import io.holdfast.manifest.CheckReport.Result;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Problem;

/** A report for people and for the logs of pipelines: a line for each fact, and at last a summary. */
final class CheckText {

    private CheckText() {
    }

    static String of(CheckReport report) {
        Stream<String> lines = Stream.of(report.notes(),
                report.files().stream().flatMap(file -> lines(file, report)),
                report.changes().stream().flatMap(List::stream).filter(change -> change.file() == null)
                        .flatMap(CheckText::lines),
                Stream.of(summary(report))).flatMap(lineses -> lineses);
        return lines.collect(Collectors.joining("\n", "", "\n"));
    }

    private static Stream<String> lines(Result file, CheckReport report) {
        Stream<String> problems = file.problems().stream().map(Problem::text);
        Stream<String> pods = report.changes().filter(_ -> !file.ignored())
                .map(changes -> changes.stream().filter(c -> file.file().equals(c.file())).flatMap(CheckText::lines))
                .orElseGet(() -> file.pods().stream()
                        .map(pod -> file.file() + ": pod " + pod.name() + " is good"));
        Stream<String> objects = file.objects().stream().map(object -> file.file() + ": " + object.key() + " is good"
                + (object.change().isEmpty() ? "" : " and " + object.change()));
        List<String> lines = Stream.of(problems, objects, pods).flatMap(each -> each).toList();
        return lines.isEmpty() && file.warnings().isEmpty() ? Stream.of(file.file() + ": no pods in it") : lines.stream();
    }

    private static Stream<String> lines(Change change) {
        String pod = (change.file() == null ? "" : change.file() + ": ") + "pod " + change.pod();
        String line = switch (change.kind()) {
            case NEW -> " is good and new, it would be started";
            case UNCHANGED -> " is good and unchanged";
            case REPLACED -> change.file() == null ? " would be replaced" : " is good and would be replaced";
            case KEPT -> " stays as it is";
            case REMOVED -> change.file() == null ? " would be removed"
                    : " is not in it any more and would be removed";
        };
        return Stream.concat(Stream.of(pod + line + from(change.before())), fields(change));
    }

    private static String from(@Nullable DesiredPod inForce) {
        return inForce == null ? "" : " (in force from " + inForce.origin() + " of source " + inForce.source() + ")";
    }

    private static Stream<String> fields(Change change) {
        return change.kind() == Kind.REPLACED && change.fields().isEmpty()
                ? Stream.of("    no value differs, but a default is now given, or not given any more")
                : change.fields().stream().map(f -> "    " + f.path() + ": " + f.before() + " -> " + f.after());
    }

    private static String summary(CheckReport report) {
        String found = count(report.files().size(), "file") + ", " + count(report.pods(), "good pod") + ", "
                + (report.objects() == 0 ? "" : count(report.objects(), "good object") + ", ")
                + count(report.problems(), "problem");
        return report.changes().map(changes -> found + "; on node " + report.node() + ": " + counts(changes)
                + ", of " + count(report.inForce(), "pod") + " in force")
                .orElseGet(() -> found + " (node " + report.node() + ")");
    }

    private static String counts(List<Change> changes) {
        return Stream.of(Kind.values())
                .map(kind -> changes.stream().filter(change -> change.kind() == kind).count() + " " + kind)
                .collect(Collectors.joining(", "));
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}

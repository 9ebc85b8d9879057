package io.holdfast.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.CheckReport.GoodObject;
import io.holdfast.manifest.CheckedFiles.CheckedFile;
import io.holdfast.manifest.Rehearsal.Outcome;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Manifest;
import io.holdfast.source.ManifestCheck;
import io.holdfast.source.Problem;

/** The check of manifests, with and without an agent around it. */
final class Check implements ManifestCheck {

    /** What is in force on the node; asked for only when it is needed. */
    interface InForce {
        Known look() throws IOException;
    }

    private final ThisNode node;
    private final InForce inForce;
    private final Optional<InputStream> in;
    private final long maxBytes;
    private final InstantSource clock = Clock.systemUTC();

    /**
     * @param in what the file {@code -} is, if there is such a thing
     * @param maxBytes of all files together
     */
    Check(ThisNode node, InForce inForce, Optional<InputStream> in, long maxBytes) {
        this.node = node;
        this.inForce = inForce;
        this.in = in;
        this.maxBytes = maxBytes;
    }

    @Override
    public Report check(List<String> names, Options options) {
        ThisNode checked = node(options);
        CheckedFiles files = CheckedFiles.read(names, options.directory(), in, maxBytes);
        Known known = options.diff() ? look() : Known.EMPTY;
        List<CheckedFile> ignored = files.list().stream()
                .filter(file -> file.unusual() && !Rehearsal.isKnown(file, known)).toList();
        List<CheckedFile> others = files.list().stream().filter(file -> !ignored.contains(file)).toList();
        Outcome outcome = Rehearsal.of(checked, known, others, clock);
        Outcome apart = Rehearsal.of(checked, Known.EMPTY, ignored, clock);
        List<CheckReport.Result> results = files.list().stream().map(file -> ignored.contains(file)
                ? result(file, apart, true, Optional.empty())
                : result(file, outcome, false, options.diff() ? Optional.of(known) : Optional.empty())).toList();
        CheckReport report = new CheckReport(checked.name(), files.empty(), results,
                options.diff() ? Optional.of(Changes.of(known.desired().pods(), outcome)) : Optional.empty(),
                known.desired().pods().size());
        return new Report(options.json() ? CheckJson.of(report) : CheckText.of(report), code(files, report));
    }

    private ThisNode node(Options options) {
        if (options.node().isEmpty()) {
            return node;
        } else if (options.diff()) {
            throw new IllegalArgumentException("--diff is about this node, " + node.name() + "; leave out --node");
        }
        String name = options.node().toLowerCase(Locale.ROOT);
        String complaint = Formats.subdomain(name);
        if (complaint != null) {
            throw new IllegalArgumentException("--node " + complaint);
        }
        return ThisNode.named(name);
    }

    private Known look() {
        try {
            return inForce.look();
        } catch (AccessDeniedException e) {
            throw new UncheckedIOException("what is in force on this node cannot be read: permission denied: "
                    + e.getFile(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("what is in force on this node cannot be read: " + e, e);
        }
    }

    /** @param known what is in force, if the difference to that was asked for */
    private static CheckReport.Result result(CheckedFile checked, Outcome outcome, boolean ignored,
            Optional<Known> known) {
        String file = checked.shown();
        List<DesiredPod> pods = outcome.pods(file).stream().filter(pod -> pod.held() == null).toList();
        return new CheckReport.Result(file, ignored, pods,
                outcome.objects(file).stream().map(object -> new GoodObject(object.key(),
                        known.map(before -> change(before.desired().objects().get(object.key()), object)).orElse("")))
                        .toList(),
                outcome.problems(file).stream().map(problem -> known.isPresent() ? problem : alone(problem)).toList(),
                Stream.concat(outcome.elsewhere(file).stream(), pods.stream().flatMap(pod -> warnings(pod, outcome))).toList());
    }

    private static String change(@Nullable ConfigObject before, ConfigObject after) {
        boolean same = before != null && before.type().equals(after.type()) && before.data().equals(after.data());
        return before == null ? "new" : same ? "unchanged" : "would change";
    }

    private static Stream<String> warnings(DesiredPod pod, Outcome outcome) {
        Stream<String> unfit = pod.unfit() == null ? Stream.empty()
                : Stream.of("pod " + pod.name() + " does not run on this node: " + pod.unfit());
        return Stream.concat(unfit, References.missing(pod.pod(), outcome.after().desired().objects()).stream()
                .map(missing -> "pod " + pod.name() + " needs " + missing
                        + ", which is not in these files; without it the pod waits"));
    }

    /** What becomes of the pod is only known on a node. */
    private static Problem alone(Problem p) {
        return new Problem(p.origin(), p.line(), p.column(), p.path(), p.message(), "", p.pod(), p.since());
    }

    private static int code(CheckedFiles files, CheckReport report) {
        return files.list().stream().anyMatch(file -> file.manifest() instanceof Manifest.Unreadable) ? UNREADABLE
                : report.problems() > 0 ? PROBLEMS : GOOD;
    }
}

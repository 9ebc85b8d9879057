package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.holdfast.source.Manifest;
import io.holdfast.source.ManifestSource;
import io.holdfast.testkit.RecordingSink.Report;

/**
 * What every {@link ManifestSource} must do. A subclass says how to put manifests into its source, how to take them out,
 * and how to break the source as a whole. Names are {@code a.yaml} and {@code b.yaml}; origins are the source's own
 * affair. A source whose origins are fixed, such as one that reads configured URLs, has one for each of these names, and
 * says what it reports for the name that was not put, or was removed, with {@link #standsForNothing}.
 *
 * <p>
 * A source is given seconds for each step, so one that polls is to poll every second or more often here. The subclass needs
 * {@code io.holdfast.testkit} and {@code junit-jupiter} in test scope, and is found by Surefire when its name ends in
 * {@code Test}; a project made by the Maven archetype {@code io.holdfast:source-archetype} has one to begin with.
 */
public abstract class ManifestSourceContract {

    private final RecordingSink sink = new RecordingSink();
    private final List<Watching> watchings = new ArrayList<>();

    /** The source under test, the same one each time in one test. */
    protected abstract ManifestSource source() throws Exception;

    /** Creates or overwrites a manifest. */
    protected abstract void put(String name, String content) throws Exception;

    protected abstract void remove(String name) throws Exception;

    /** Makes the source fail as a whole: nothing can be read, nothing was deleted. */
    protected abstract void breakSource() throws Exception;

    /** Undoes {@link #breakSource}; what was there is there again. */
    protected abstract void repairSource() throws Exception;

    /** Whether this is what the source reports where there is no manifest; other sources leave it out. */
    protected boolean standsForNothing(Manifest manifest) {
        return false;
    }

    @AfterEach
    final void stop() {
        watchings.forEach(Watching::close);
    }

    @Test
    final void a_source_without_manifests_reports_an_empty_reading() throws Exception {
        watch();
        assertThat(contents(awaitReading())).isEmpty();
    }

    @Test
    final void the_first_reading_is_complete() throws Exception {
        put("a.yaml", "a: 1");
        put("b.yaml", "b: 1");
        watch();
        assertThat(contents(awaitReading())).containsExactlyInAnyOrder("a: 1", "b: 1");
    }

    @Test
    final void a_new_manifest_is_reported_together_with_those_that_were_there() throws Exception {
        put("a.yaml", "a: 1");
        watch();
        awaitReading();
        put("b.yaml", "b: 1");
        awaitContents("a: 1", "b: 1");
    }

    @Test
    final void a_changed_manifest_keeps_its_origin() throws Exception {
        put("a.yaml", "a: 1");
        watch();
        String origin = only(awaitContents("a: 1")).origin();
        put("a.yaml", "a: 2");
        assertThat(only(awaitContents("a: 2")).origin()).isEqualTo(origin);
    }

    @Test
    final void deletion_is_absence() throws Exception {
        put("a.yaml", "a: 1");
        put("b.yaml", "b: 1");
        watch();
        awaitContents("a: 1", "b: 1");
        remove("a.yaml");
        awaitContents("b: 1");
        remove("b.yaml");
        awaitContents();
    }

    @Test
    final void what_did_not_change_is_the_same_instance_again() throws Exception {
        put("a.yaml", "a: 1");
        watch();
        Manifest before = only(awaitContents("a: 1"));
        put("b.yaml", "b: 1");
        assertThat(there(awaitContents("a: 1", "b: 1"))).anySatisfy(m -> assertThat(m).isSameAs(before));
    }

    @Test
    final void an_interrupt_ends_watching_within_a_second_and_watching_may_begin_again() throws Exception {
        put("a.yaml", "a: 1");
        Watching first = watch();
        awaitContents("a: 1");
        assertThat(first.interrupt()).as("ended within a second").isTrue();
        put("a.yaml", "a: 2");
        watch();
        awaitContents("a: 2");
    }

    @Test
    final void nothing_is_reported_after_watching_ended() throws Exception {
        put("a.yaml", "a: 1");
        Watching first = watch();
        awaitContents("a: 1");
        first.interrupt();
        first.ending();
        RecordingSink second = new RecordingSink();
        int before = sink.current().readings();
        put("b.yaml", "b: 1");
        watchings.add(Watching.start(source(), second));
        second.await("both manifests", r -> there(r).size() == 2);
        assertThat(sink.current().readings()).isEqualTo(before);
    }

    @Test
    final void a_failing_source_throws_and_never_reports_that_it_is_empty() throws Exception {
        put("a.yaml", "a: 1");
        Watching watching = watch();
        Manifest before = only(awaitContents("a: 1"));
        breakSource();
        assertThat(watching.failure()).isInstanceOf(IOException.class);
        assertThat(watch().failure()).as("still failing").isInstanceOf(IOException.class);
        assertThat(there(sink.current())).as("left as it was, or said to be unreadable")
                .anyMatch(m -> m.origin().equals(before.origin()))
                .allMatch(m -> m.equals(before) || m instanceof Manifest.Unreadable);
    }

    @Test
    final void a_source_that_has_failed_can_be_watched_again_when_it_is_back() throws Exception {
        put("a.yaml", "a: 1");
        breakSource();
        assertThat(watch().failure()).hasMessageMatching("(?s).{10,}");
        repairSource();
        watch();
        awaitContents("a: 1");
    }

    private Watching watch() throws Exception {
        Watching watching = Watching.start(source(), sink);
        watchings.add(watching);
        return watching;
    }

    private Report awaitContents(String... expected) throws InterruptedException {
        return await(List.of(expected).toString(),
                r -> there(r).size() == expected.length && contents(r).containsAll(List.of(expected)));
    }

    private Report awaitReading() throws InterruptedException {
        return await("a reading", r -> true);
    }

    /** When the reading does not come, the reason is most often that watch has thrown. */
    private Report await(String what, Predicate<Report> expected) throws InterruptedException {
        try {
            return sink.await(what, r -> r.readings() > 0 && expected.test(r));
        } catch (AssertionError e) {
            watchings.forEach(w -> w.thrown().ifPresent(e::addSuppressed));
            throw e;
        }
    }

    private Manifest only(Report report) {
        return there(report).getFirst();
    }

    private Collection<String> contents(Report report) {
        return new Report(report.readings(), there(report)).texts().values();
    }

    private List<Manifest> there(Report report) {
        return report.manifests().stream().filter(manifest -> !standsForNothing(manifest)).toList();
    }
}

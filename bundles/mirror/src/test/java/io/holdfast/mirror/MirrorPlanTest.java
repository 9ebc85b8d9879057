package io.holdfast.mirror;

import static io.holdfast.mirror.Pods.NOW;
import static io.holdfast.mirror.Pods.leaves;
import static io.holdfast.mirror.Pods.name;
import static io.holdfast.mirror.Pods.runs;
import static io.holdfast.mirror.Pods.starts;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.status.PodView;

final class MirrorPlanTest {

    private static final @Nullable PodView NO_POD = null;
    private static final @Nullable MirrorPod NO_MIRROR = null;
    private static final boolean ALL_KNOWN = true;
    private static final boolean NOT_ALL_KNOWN = false;

    /** @param expected the decision in words */
    record Row(String says, @Nullable PodView pod, @Nullable MirrorPod mirror, Memory memory, boolean allKnown,
            String expected) {

        @Override
        public String toString() {
            return says;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                // M1, M2
                row("a pod without a mirror gets one", runs("web", "v1"), NO_MIRROR, "create v1"),
                row("also one that just starts", starts("web", "v1"), NO_MIRROR, "create v1"),
                row("nothing there, nothing to do", NO_POD, NO_MIRROR, "rest"),
                row("a pod that leaves gets none any more", leaves("web"), NO_MIRROR, "rest"),
                // M3
                row("the right one is left alone", runs("web", "v1"), mirror("v1", "u1", running()), "rest"),
                row("one of another edition is deleted, and made anew then", runs("web", "v2"), mirror("v1", "u1"),
                        "delete u1"),
                row("also while the old edition is still leaving", leavingFor("v2"), mirror("v1", "u1"), "delete u1"),
                row("one of a Node that is gone is deleted", runs("web", "v1"), of(mirror("v1", "u1"), "old node"),
                        "delete u1"),
                // M4
                row("one that was told to go is let go", runs("web", "v1"), deleting(mirror("v1", "u1")), "delete u1"),
                row("the name of one that is gone stays free until kubectl has seen it", runs("web", "v1"), NO_MIRROR,
                        Memory.gone(NOW.minusMillis(100)), "rest 0.2 s"),
                row("and then there is another", runs("web", "v1"), NO_MIRROR, Memory.gone(NOW.minusMillis(300)), "create v1"),
                row("one that was told to go is let go while its pod leaves, too", leaves("web"),
                        deleting(mirror("v1", "u1")), "delete u1"),
                // M5
                row("a pod that leaves keeps its mirror until it is gone", leaves("web"), mirror("v1", "u1", running()),
                        "rest"),
                row("when it is gone the mirror goes", NO_POD, mirror("v1", "u1"), "delete u1"),
                new Row("but not before all pods are known", NO_POD, mirror("v1", "u1"), Memory.NONE, NOT_ALL_KNOWN,
                        "rest"),
                new Row("not even one that was told to go", NO_POD, deleting(mirror("v1", "u1")), Memory.NONE,
                        NOT_ALL_KNOWN, "rest"),
                row("somebody else's pod is left alone", NO_POD, foreign(), "rest"),
                row("also when a pod of ours has its name", runs("web", "v1"), foreign(), "impossible"),
                // M6
                row("a status that is not there is written", runs("web", "v1"), mirror("v1", "u1"), "patch u1"),
                row("at once, too, after a create", runs("web", "v1"), mirror("v1", "u1"), created(0), "patch u1"),
                row("but not while the pod is just starting", starts("web", "v1"), mirror("v1", "u1"), created(0),
                        "rest 5 s"),
                row("unless it stays so", starts("web", "v1"), mirror("v1", "u1"), created(5), "patch u1"),
                row("what it says more while it starts waits longer", starts("web", "v1"),
                        mirror("v1", "u1", started()), created(5), "rest 25 s"),
                row("a second one within a second waits", runs("web", "v1"), mirror("v1", "u1"), wrote(0.4, "x"),
                        "rest 0.6 s"),
                row("for that second", runs("web", "v1"), mirror("v1", "u1"), wrote(1, "x"), "patch u1"),
                row("what a server does not store is not written again and again", runs("web", "v1"),
                        mirror("v1", "u1"), wrote(60, running(), nothing()), "rest"),
                row("unless somebody changes what it did store", runs("web", "v1"), mirror("v1", "u1"),
                        wrote(60, running(), running()), "patch u1"),
                // M8
                row("what was refused waits", runs("web", "v1"), NO_MIRROR, refused("v1node", 8), "rest 8 s"),
                row("until it is time", runs("web", "v1"), NO_MIRROR, refused("v1node", 0), "create v1"),
                row("another edition is tried at once", runs("web", "v2"), NO_MIRROR, refused("v1node", 8),
                        "create v2"),
                row("what no server takes is not tried", withSecret(), NO_MIRROR, "impossible"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void plans(Row row) {
        Instant since = row.memory().written().map(Memory.Written::at).orElse(NOW.minusSeconds(60));
        Statuses.Wanted status = row.pod() == null ? null
                : new Statuses.Wanted(row.pod().status(), Statuses.make(row.pod().status()), since);
        Decision decision = new MirrorPlan("node", row.allKnown(), NOW).of(name("web"), row.pod(), status,
                Optional.ofNullable(row.mirror()), row.memory());
        assertThat(words(decision)).isEqualTo(row.expected());
    }

    private static String words(Decision decision) {
        return switch (decision) {
            case Decision.Do(Action.Create create) -> "create " + MirrorObject.hash(create.pod());
            case Decision.Do(Action.Delete delete) -> "delete " + delete.uid();
            case Decision.Do(Action.Patch patch) -> "patch " + patch.uid();
            case Decision.Impossible _ -> "impossible";
            case Decision.Rest(Instant until) when until.equals(Instant.MAX) -> "rest";
            case Decision.Rest(Instant until) -> "rest "
                    + (Duration.between(NOW, until).toMillis() / 1000.0 + " s").replace(".0", "");
        };
    }

    private static Row row(String says, @Nullable PodView pod, @Nullable MirrorPod mirror, String expected) {
        return row(says, pod, mirror, Memory.NONE, expected);
    }

    private static Row row(String says, @Nullable PodView pod, @Nullable MirrorPod mirror, Memory memory,
            String expected) {
        return new Row(says, pod, mirror, memory, ALL_KNOWN, expected);
    }

    private static PodView leavingFor(String hash) {
        PodView next = runs("web", hash);
        return new PodView(next.name(), next.uid(), next.desired(), next.source(), next.runtime(), true, next.status(),
                next.events());
    }

    private static PodView withSecret() {
        return Pods.view("web", Pods.desired("web", "v1", ",\"imagePullSecrets\":[{\"name\":\"s\"}]"),
                Pods.running(0));
    }

    private static MirrorPod mirror(String hash, String uid) {
        return mirror(hash, uid, nothing());
    }

    private static MirrorPod mirror(String hash, String uid, ObjectNode status) {
        return new MirrorPod(name("web"), uid, 7, Optional.of(hash), "node", Pods.NODE, false, status);
    }

    private static MirrorPod of(MirrorPod m, String owner) {
        return new MirrorPod(m.name(), m.uid(), m.version(), m.hash(), owner, m.node(), false, m.status());
    }

    private static MirrorPod deleting(MirrorPod m) {
        return new MirrorPod(m.name(), m.uid(), m.version(), m.hash(), m.owner(), m.node(), true, m.status());
    }

    private static MirrorPod foreign() {
        return new MirrorPod(name("web"), "u9", 7, Optional.empty(), "", Pods.NODE, false, nothing());
    }

    private static ObjectNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode running() {
        return Statuses.make(Pods.running(0));
    }

    /** A status that shows a container, and no IP yet. */
    private static ObjectNode started() {
        return nothing().set("containerStatuses", nothing().arrayNode());
    }

    private static Memory created(long secondsAgo) {
        return Memory.written(new Memory.Written("u1", nothing(), nothing(), NOW.minusSeconds(secondsAgo)));
    }

    private static Memory wrote(double secondsAgo, String phase) {
        return wrote(secondsAgo, nothing().put("phase", phase), nothing());
    }

    private static Memory wrote(double secondsAgo, ObjectNode wanted, ObjectNode stored) {
        return Memory.written(
                new Memory.Written("u1", wanted, stored, NOW.minusMillis((long) (secondsAgo * 1000))));
    }

    private static Memory refused(String about, long secondsLeft) {
        return Memory.NONE.failed(new Memory.Trouble(about, "no", true, 4, NOW, NOW.plusSeconds(secondsLeft)));
    }
}

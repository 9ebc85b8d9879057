package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.NOW;
import static io.holdfast.reconciler.TestPods.name;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.holdfast.pod.PodName;
import io.holdfast.reconciler.Order.Departure;
import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodView;

/** Which pods start and stop before others (R10). */
class OrderTest {

    private static final String CIRCLE = "; none of them is started until one of their manifests is changed, what runs stays as it is";

    private final Order order = new Order("n");

    // ------------------------------------------------------------------ start

    /** @param ready the pods that are, by name */
    record Start(String sentence, TestPods.PodDraft pod, List<TestPods.PodDraft> others, List<String> ready, String awaits) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    private static Start start(String sentence, TestPods.PodDraft pod, List<TestPods.PodDraft> others, List<String> ready, String awaits) {
        return new Start(sentence, pod, others, ready, awaits);
    }

    static Stream<Start> starts() {
        return Stream.of(
                start("a pod that names no other starts", pod("web-n"), List.of(pod("db-n")), List.of(), ""),
                start("it waits for one that is not ready", pod("web-n").after("db-n"), List.of(pod("db-n")), List.of(),
                        "waits for pod default/db-n, which is not ready"),
                start("it starts when that one is", pod("web-n").after("db-n"), List.of(pod("db-n")), List.of("db-n"), ""),
                start("the node's name may be left out", pod("web-n").after("db"), List.of(pod("db-n")), List.of("db-n"), ""),
                start("a name that is there in full is meant in full", pod("web-n").after("db"),
                        List.of(pod("db"), pod("db-n")), List.of("db-n"), "waits for pod default/db, which is not ready"),
                start("it waits for all of several", pod("web-n").after("db, default/cache"),
                        List.of(pod("db-n"), pod("cache-n")), List.of("db-n"), "waits for pod default/cache-n, which is not ready"),
                start("a missing one is named", pod("web-n").after("kube-system/etcd db"), List.of(pod("db-n")), List.of(),
                        "waits for pod default/db-n, which is not ready; for pod kube-system/etcd-n, which no manifest wants"),
                start("one that runs on without a manifest will do", pod("web-n").after("db"), List.of(), List.of("db-n"), ""),
                start("a pod cannot come after itself", pod("web-n").after("web"), List.of(), List.of(),
                        "holdfast.io/after goes round in a circle: default/web-n after default/web-n" + CIRCLE),
                start("two that come after each other", pod("a-n").after("b"), List.of(pod("b-n").after("a")), List.of("b-n"),
                        "holdfast.io/after goes round in a circle: default/a-n after default/b-n after default/a-n" + CIRCLE),
                start("a circle of three is named in its order", pod("a-n").after("b"),
                        List.of(pod("b-n").after("c"), pod("c-n").after("a")), List.of(),
                        "holdfast.io/after goes round in a circle: default/a-n after default/b-n after default/c-n"
                                + " after default/a-n" + CIRCLE),
                start("who waits for a circle is not in it", pod("web-n").after("a"),
                        List.of(pod("a-n").after("b"), pod("b-n").after("a")), List.of(),
                        "waits for pod default/a-n, which is not ready"));
    }

    @ParameterizedTest
    @MethodSource("starts")
    void aPodStartsOnceThoseBeforeItAreReady(Start row) {
        Map<PodName, DesiredPod> all = Stream.concat(Stream.of(row.pod()), row.others().stream())
                .map(TestPods.PodDraft::desired).collect(Collectors.toMap(DesiredPod::name, Function.identity()));
        assertThat(order.awaits(row.pod().desired(), all, p -> row.ready().contains(p.name())).map(Trouble.Awaits::message)
                .orElse("")).isEqualTo(row.awaits());
    }

    @Test
    void theClassesOfTheSystemStandAboveAllNumbers() {
        assertThat(Order.priority(pod("a-n").priority(7).made().spec())).isEqualTo(7);
        assertThat(Order.priority(pod("a-n").made().spec())).isZero();
        assertThat(Order.priority(pod("a-n").priorityClass("mine").priority(3).made().spec())).isEqualTo(3);
        assertThat(Order.priority(pod("a-n").priorityClass("system-cluster-critical").made().spec()))
                .isGreaterThan(1_000_000_000)
                .isLessThan(Order.priority(pod("a-n").priorityClass("system-node-critical").made().spec()));
    }

    // ------------------------------------------------------------------ stop

    private record Going(String name, Departure departure) {
    }

    private static Going going(String name, String after, int priority) {
        return new Going(name, new Departure(after, priority, Duration.ofSeconds(30), NOW));
    }

    /** @param stays the others that {@code pod} lets go first, and until when in seconds */
    record Stop(String sentence, String pod, List<Going> going, String stays) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    private static Stop stop(String sentence, String pod, String stays, Going... going) {
        return new Stop(sentence, pod, List.of(going), stays);
    }

    static Stream<Stop> stops() {
        return Stream.of(
                stop("pods without an order stop at once", "a-n", "", going("a-n", "", 0), going("b-n", "", 0)),
                stop("the last to start is the first to stop", "b-n", "", going("a-n", "", 0), going("b-n", "a", 0)),
                stop("the first to start waits for it, and for its grace at most", "a-n", "[default/b-n] 35s", going("a-n", "", 0),
                        going("b-n", "a", 0)),
                stop("a chain waits for all its links", "a-n", "[default/b-n] 70s", going("a-n", "", 0), going("b-n", "a", 0),
                        going("c-n", "b", 0)),
                stop("one that stays does not hold it back", "a-n", "", going("a-n", "", 0), going("c-n", "b", 0)),
                stop("the higher priority stops last", "a-n", "[default/b-n] 35s", going("a-n", "", 5), going("b-n", "", 4)),
                stop("the lower priority stops first", "b-n", "", going("a-n", "", 5), going("b-n", "", 4)),
                stop("what something important comes after is as important", "b-n", "", going("a-n", "", 0),
                        going("b-n", "", 5), going("c-n", "a", 9)),
                stop("so it waits for both", "a-n", "[default/b-n, default/c-n] 70s", going("a-n", "", 0),
                        going("b-n", "", 5), going("c-n", "a", 9)),
                stop("two that come after each other do not wait for ever", "a-n", "[default/b-n] 70s", going("a-n", "b", 0),
                        going("b-n", "a", 0)));
    }

    @ParameterizedTest
    @MethodSource("stops")
    void podsStopAgainstTheOrderOfTheirStart(Stop row) {
        Map<PodName, Departure> all = row.going().stream().collect(Collectors.toMap(g -> name(g.name()), Going::departure));
        Optional<Order.Stay> stay = order.stays(name(row.pod()), all, NOW);
        assertThat(stay.map(s -> s.others() + " " + Duration.between(NOW, s.until()).toSeconds() + "s").orElse(""))
                .isEqualTo(row.stays());
        stay.ifPresent(s -> assertThat(order.stays(name(row.pod()), all, s.until())).isEmpty());
    }

    @Test
    void manyPrioritiesAreOrderedInNoTime() {
        Map<PodName, Departure> all = Stream.iterate(0, i -> i + 1).limit(200)
                .collect(Collectors.toMap(i -> name("p" + i + "-n"), i -> new Departure("", i, Duration.ZERO, NOW)));
        assertThat(order.stays(name("p199-n"), all, NOW).orElseThrow().others()).hasSize(199);
    }

    @Test
    void aPodIsDoneWhenItIsReadyOrHasSucceeded() {
        assertThat(Order.isDone(null)).isFalse();
        assertThat(Arrays.asList(true, false)).allSatisfy(ready -> assertThat(Order.isDone(view("v1", ready, false))).isEqualTo(ready));
        assertThat(Order.isDone(view("v0", true, false))).as("another edition").isFalse();
        assertThat(Order.isDone(view("v1", true, true))).as("one that leaves").isFalse();
    }

    private static PodView view(String uid, boolean ready, boolean leaving) {
        var condition = new PodStatus.Condition("Ready", ready, null, null, NOW);
        var status = new PodStatus(PodStatus.Phase.Running, null, null, List.of(condition),
                "", List.of(), NOW, PodStatus.QosClass.BestEffort, List.of(), List.of());
        return new PodView(name("a-n"), uid, pod("a-n").desired(), "", "", leaving, status, List.of());
    }
}

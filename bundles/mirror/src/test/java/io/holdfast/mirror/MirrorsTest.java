package io.holdfast.mirror;

import static io.holdfast.mirror.Pods.name;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** What the server tells and what it answers reach the mirror in any order. */
final class MirrorsTest {

    private final Mirrors start = Mirrors.listed(10, List.of(pod("u1", 5)));

    @Test
    void an_answer_counts_before_it_is_told() {
        assertThat(version(start.answered(pod("u1", 11)))).contains(11L);
        assertThat(version(start.answered(pod("u1", 11)).told(pod("u1", 11)))).contains(11L);
    }

    @Test
    void an_answer_that_was_overtaken_counts_for_nothing() {
        assertThat(start.toldGone(pod("u1", 12)).answered(pod("u1", 11)).of(name("web"))).isEmpty();
        assertThat(version(start.told(pod("u1", 12)).answered(pod("u1", 11)))).contains(12L);
    }

    @Test
    void what_is_told_late_changes_nothing_that_came_after_it() {
        Mirrors again = start.answeredGone(name("web"), "u1").answered(pod("u2", 14));
        assertThat(version(again.told(pod("u1", 12)).toldGone(pod("u1", 13)))).contains(14L);
    }

    @Test
    void what_is_told_late_does_not_bring_back_what_is_gone() {
        Mirrors gone = start.answeredGone(name("web"), "u1");
        assertThat(gone.told(pod("u1", 12)).pods()).isEmpty();
        assertThat(gone.told(pod("u1", 12)).toldGone(pod("u1", 13))).isEqualTo(new Mirrors(true, 13, Map.of(), Set.of()));
        assertThat(version(gone.told(pod("u2", 14)))).contains(14L);
    }

    @Test
    void only_the_one_that_is_gone_is_gone() {
        assertThat(version(start.answeredGone(name("web"), "u0"))).contains(5L);
        assertThat(start.answeredGone(name("web"), "u1").pods()).isEmpty();
    }

    @Test
    void bookmarks_move_on_without_a_change() {
        assertThat(start.toldNothingUpTo(99)).isEqualTo(new Mirrors(true, 99, start.pods(), Set.of()));
    }

    private static Optional<Long> version(Mirrors mirrors) {
        return mirrors.of(name("web")).map(MirrorPod::version);
    }

    private static MirrorPod pod(String uid, long version) {
        return new MirrorPod(name("web"), uid, version, Optional.of("v1"), "node", Pods.NODE, false,
                JsonNodeFactory.instance.objectNode());
    }
}

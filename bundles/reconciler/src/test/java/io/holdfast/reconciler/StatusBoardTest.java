package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.NOW;
import static io.holdfast.reconciler.TestPods.name;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.FutureTask;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodStatuses.Snapshot;
import io.holdfast.status.PodView;

@Timeout(10)
class StatusBoardTest {

    private static final DesiredPod WEB = pod("web-n").desired();

    private final StatusBoard board = new StatusBoard();

    @Test
    void showsPodsByName() {
        board.put(view("web-n", "cri"));
        board.put(view("db-n", "cri"));
        assertThat(board.current().pods()).extracting(PodView::name).containsExactly(name("db-n"), name("web-n"));
    }

    @Test
    void anEqualViewIsNoChangeAndLeavesTheInstance() {
        PodView first = view("web-n", "cri");
        board.put(first);
        Snapshot before = board.current();
        board.put(view("web-n", "cri"));
        assertThat(board.current().version()).isEqualTo(before.version());
        assertThat(board.current().pods().getFirst()).isSameAs(first);
    }

    @Test
    void removingTwiceIsOneChange() {
        board.put(view("web-n", "cri"));
        board.remove(name("web-n"));
        Snapshot empty = board.current();
        board.remove(name("web-n"));
        assertThat(empty.pods()).isEmpty();
        assertThat(board.current()).isEqualTo(empty);
    }

    @Test
    void wakesWhoWaitsForAChange() throws Exception {
        long version = board.current().version();
        FutureTask<Snapshot> reader = new FutureTask<>(() -> board.after(version));
        Thread.ofVirtual().start(reader);
        board.put(view("web-n", "cri"));
        assertThat(reader.get().pods()).hasSize(1);
    }

    private static PodView view(String name, String runtime) {
        StatusMaker maker = new StatusMaker("192.0.2.1", "fake", Settings.DEFAULT.backoff(), java.util.Map.of());
        return new PodView(name(name), "v1", WEB, WEB.source(), runtime, false,
                maker.status(WEB, Edition.of("v1", List.of(), Vitals.NONE), new Troubles(), null, NOW), List.of());
    }
}

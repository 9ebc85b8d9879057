package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The agent is killed at random moments while pods of every kind come, change and go. */
@Tag("long")
class KillStormIT { // R8

    private static final int KILLS = Integer.getInteger("holdfast.storm.kills", 100);
    private static final long SEED = Long.getLong("holdfast.storm.seed", 1);
    /** So many kills one after the other, before all must be well. */
    private static final int SERIES = 10;
    private static final int MOST_MILLIS = 700;

    @RegisterExtension
    final Lab lab = new Lab();

    @Test
    void afterEachSeriesOfKillsEveryPodIsAsItsManifestSaysAndNothingElseIsThere() throws Exception {
        Random random = new Random(SEED);
        Herd herd = new Herd(lab.agent(), lab.engine(), random);
        herd.configure();
        lab.agent().start();
        for (int kills = 0; kills < KILLS; kills += SERIES) {
            for (int i = 0; i < SERIES; i++) {
                disturb(herd, random);
                lab.agent().kill();
                lab.agent().start();
            }
            settle(herd, "seed " + SEED + ", " + (kills + SERIES) + " kills");
        }
        herd.removeAll();
        settle(herd, "all are removed");
        assertThat(lab.engine().sandboxes()).isEmpty();
        assertThat(lab.engine().containers()).isEmpty();
    }

    /** For a while that nobody has chosen: the agent starts, looks around, or is at work. */
    private static void disturb(Herd herd, Random random) throws Exception {
        int changes = random.nextInt(4);
        for (int change = 0; change <= changes; change++) {
            Thread.sleep(random.nextInt(MOST_MILLIS));
            herd.change();
        }
        Thread.sleep(random.nextInt(MOST_MILLIS / 4));
    }

    private static void settle(Herd herd, String after) {
        Lab.soon(() -> assertThat(herd.wrong()).as(after).isEmpty());
        assertThat(herd.restarted()).as("restarted though nobody asked for it, %s", after).isEmpty();
        Lab.soon(() -> assertThat(herd.leftOver()).as(after).isEmpty());
    }
}

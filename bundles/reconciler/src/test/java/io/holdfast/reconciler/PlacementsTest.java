package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.pod.PodName;

class PlacementsTest {

    private static final PodName WEB = new PodName("default", "web-n");
    private static final PodName API = new PodName("default", "api-n");

    @TempDir
    Path directory;

    private Placements open(String boot) {
        return new Placements(directory.resolve("state"), boot);
    }

    @Test
    void whatWasPutDownIsThereAfterARestart() {
        Placements placements = open("b1");
        placements.at(WEB, "cri");
        placements.at(WEB, "docker");
        placements.at(API, "cri");
        placements.left(API, "docker");
        placements.move(WEB, "docker");
        assertThat(placements.decide("cri")).isTrue();
        assertThat(placements.decide("cri")).isFalse();

        Placements again = open("b1");
        assertThat(again.at(WEB)).contains("docker");
        assertThat(again.at(API)).contains("cri");
        assertThat(again.moved(WEB)).contains("docker");
        assertThat(again.byDefault()).contains("cri");
        assertThat(again.runtimes()).containsExactlyInAnyOrder("cri", "docker");
    }

    @Test
    void afterARebootNothingRunsAnywhereAndWhatWasDecidedStands() {
        Placements placements = open("b1");
        placements.at(WEB, "docker");
        placements.move(WEB, "docker");
        placements.decide("cri");

        Placements again = open("b2");
        assertThat(again.at(WEB)).isEmpty();
        assertThat(again.moved(WEB)).contains("docker");
        assertThat(again.byDefault()).contains("cri");
    }

    @Test
    void whatIsGoneLeavesNoTrace() throws Exception {
        Placements placements = open("b1");
        placements.at(WEB, "docker");
        placements.move(WEB, "docker");
        placements.forget(WEB);
        placements.at(API, "docker");
        placements.forget("docker");

        open("b1");
        assertThat(Files.readString(directory.resolve("state/runtimes"))).isEqualTo("boot=b1\n");
    }

    @Test
    void aLineThatWasCutShortDoesNotCount() throws Exception {
        Placements placements = open("b1");
        placements.at(WEB, "cri");
        Files.writeString(directory.resolve("state/runtimes"), "at.default/web-n=dock", StandardOpenOption.APPEND);

        assertThat(open("b1").at(WEB)).contains("cri");
    }

    @Test
    void whereNothingCanBeWrittenItIsKnownAllTheSame() throws Exception {
        Files.writeString(directory.resolve("state"), "a file where the directory should be");
        Placements placements = open("b1");
        placements.at(WEB, "cri");
        assertThat(placements.at(WEB)).contains("cri");
    }
}

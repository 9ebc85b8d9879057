package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node with Docker and with CRI: which pod runs where, and how it gets from one to the other. */
@Tag("docker") // whose private Engine stands on a containerd that has CRI as well
class BothRuntimesIT {

    private static final String RUNTIMES = "io.holdfast.runtimes";
    private static final Path CRI = Path.of(Agent.property("holdfast.engine")).resolve("containerd/containerd.sock");

    @RegisterExtension
    final Lab lab = new Lab();
    private DockerEngine docker;
    private Engine cri;

    @BeforeEach
    void both() throws Exception {
        docker = new DockerEngine(lab.engine().socket());
        cri = new CriEngine(CRI);
        lab.agent().use(cri);
    }

    @AfterEach
    void sweep() {
        lab.agent().close();
        cri.sweep();
        cri.close();
    }

    @Test
    void podsRunWhereTheirClassOrTheDefaultSays() throws Exception { // design decision 6
        lab.agent().config(RUNTIMES, "default=docker", "class.fast=cri", "class.usual=docker");
        lab.agent().manifest("a.yaml", Pods.sleeper("any"));
        lab.agent().manifest("b.yaml", classed("usual", "usual"));
        lab.agent().manifest("c.yaml", classed("fast", "fast"));
        lab.agent().start();
        soon(() -> assertThat(docker.running()).extracting(Engine.Container::pod)
                .containsExactlyInAnyOrder("any-node1", "usual-node1"));
        soon(() -> assertThat(cri.running()).extracting(Engine.Container::pod).containsExactly("fast-node1"));
        soon(() -> assertThat(lab.agent().cli("pod:list").out().lines().filter(l -> l.contains(" 1/1 "))).hasSize(3));
        assertThat(lab.agent().cli("runtime:list").out())
                .containsPattern("(?m)^cri .*" + CRI).containsPattern("(?m)^docker .*" + docker.socket());
    }

    @Test
    void ofItselfThePodsGoToCriAndToDockerWhereThereIsNone() throws Exception {
        lab.agent().config("io.holdfast.runtime.cri", "endpoint=unix:///nowhere/containerd.sock");
        lab.agent().start().manifest("one.yaml", Pods.sleeper("one"));
        soon(() -> assertThat(docker.running("one-node1")).hasSize(1));
        assertThat(cri.sandboxes()).isEmpty();
    }

    @Test
    void ofItselfThePodsGoToCriWhereThereIsBoth() throws Exception {
        lab.agent().start().manifest("one.yaml", Pods.sleeper("one"));
        soon(() -> assertThat(cri.running("one-node1")).hasSize(1));
        assertThat(docker.sandboxes()).isEmpty();
    }

    @Test
    void anotherDefaultMovesThePodsOnce() throws Exception { // design decision 6
        lab.agent().config(RUNTIMES, "default=docker", "class.fixed=docker");
        Path notes = noted("web");
        lab.agent().manifest("stays.yaml", classed("stays", "fixed"));
        lab.agent().start();
        String stays = lab.running("stays").id();
        soon(() -> assertThat(docker.running("web-node1")).hasSize(1));
        lab.agent().config(RUNTIMES, "default=cri", "class.fixed=docker");
        assertThat(Lab.lines(notes, 3)).as("stopped there, then started here").containsExactly("up", "end", "up");
        movedTo(cri, docker);
        assertThat(lab.running("stays").id()).as("its class says docker still").isEqualTo(stays);
    }

    @Test
    void aPodMovesByCommandOnceThereAndOnceBack() throws Exception { // design decision 6
        lab.agent().config(RUNTIMES, "default=docker");
        Path notes = noted("web");
        lab.agent().start();
        soon(() -> assertThat(docker.running("web-node1")).hasSize(1));
        move("cri");
        assertThat(Lab.lines(notes, 3)).containsExactly("up", "end", "up");
        movedTo(cri, docker);
        lab.agent().stop();
        lab.agent().start();
        soon(() -> assertThat(lab.status("web").at("/phase").asText()).isEqualTo("Running"));
        assertThat(Lab.lines(notes, 3)).as("it is where it was moved to").hasSize(3);
        move("docker");
        assertThat(Lab.lines(notes, 5)).containsExactly("up", "end", "up", "end", "up");
        movedTo(docker, cri);
    }

    @Test
    void anAgentKilledInTheMiddleOfAMoveMakesItGoodOnce() throws Exception { // R8, design decision 6
        lab.agent().config(RUNTIMES, "default=docker");
        Path notes = noted("web");
        lab.agent().start();
        soon(() -> assertThat(docker.running("web-node1")).hasSize(1));
        Random random = new Random(6);
        int lines = 1;
        for (String target : List.of("cri", "docker", "cri", "docker")) {
            move(target);
            Thread.sleep(random.nextInt(600)); // another moment of the move each time
            lab.agent().kill();
            lab.agent().start();
            soon(() -> assertThat(lab.status("web").at("/phase").asText()).as("of the new agent").isEqualTo("Running"));
            lines += 2;
            assertThat(Lab.lines(notes, lines)).isEqualTo(IntStream.range(0, lines)
                    .mapToObj(i -> i % 2 == 0 ? "up" : "end").toList());
            movedTo(target.equals("cri") ? cri : docker, target.equals("cri") ? docker : cri);
        }
    }

    @Test
    void aPodWhoseImageIsNotThereStaysAndSaysWhyAndMovesWhenItIs() throws Exception {
        lab.agent().config(RUNTIMES, "default=cri");
        lab.agent().start().manifest("web.yaml",
                Pods.sleeper("web").replace(Agent.IMAGE + "\n", Agent.IMAGE + "\n    imagePullPolicy: Never\n"));
        soon(() -> assertThat(cri.running("web-node1")).hasSize(1));
        String container = cri.running("web-node1").getFirst().id();
        docker.removeImage(Agent.IMAGE);
        try {
            move("docker");
            soon(() -> assertThat(lab.agent().cli("pod:describe", "web").out()).contains(Agent.IMAGE + "\" is not there"));
            assertThat(cri.running("web-node1")).singleElement().satisfies(c -> assertThat(c.id()).isEqualTo(container));
        } finally {
            lab.loadImages();
        }
        movedTo(docker, cri);
    }

    @Test
    void aRuntimeThatIsUnknownIsToldAndThePodStays() throws Exception {
        lab.agent().config(RUNTIMES, "default=docker");
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        String container = lab.running("web").id();
        Agent.Output moved = lab.agent().cli("pod:move", "web", "podman");
        assertThat(moved.exitCode()).isNotZero();
        assertThat(moved.err()).contains("podman");
        assertThat(lab.running("web").id()).isEqualTo(container);
    }

    private void move(String target) throws Exception {
        Agent.Output moved = lab.agent().cli("pod:move", "web", target);
        assertThat(moved.exitCode()).as(moved.err()).isZero();
    }

    private static void movedTo(Engine here, Engine there) {
        soon(() -> {
            assertThat(here.running("web-node1")).hasSize(1);
            assertThat(there.sandboxes("web-node1")).isEmpty();
            assertThat(there.containers("web-node1")).isEmpty();
        });
    }

    /** A pod that writes down its starts and ends; where. */
    private Path noted(String pod) throws Exception {
        Path data = lab.directory().resolve("data");
        lab.agent().manifest(pod + ".yaml", Pods.withVolume(pod, "echo up >> /data/notes; trap 'echo end >> /data/notes; "
                + "exit 0' TERM; while :; do sleep 3600 & wait; done", data));
        return data.resolve("notes");
    }

    private static String classed(String pod, String runtimeClass) {
        return Pods.sleeper(pod).replace("spec:", "spec:\n  runtimeClassName: " + runtimeClass);
    }
}

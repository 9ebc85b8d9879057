package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Behaviour G1: what nobody needs any more does not fill the disk. */
class HousekeepingIT {

    @RegisterExtension
    static final Registry registry = new Registry();

    @RegisterExtension
    final Lab lab = new Lab();

    @AfterEach
    void bringTheTestImagesBack() throws Exception {
        lab.loadImages();
    }

    /** Any disk is fuller than one percent. */
    @Test
    void onADiskThatIsTooFullOnlyTheImagesStayThatAContainerHasOrAManifestWants() throws Exception {
        String used = registry.push("used:1", "used");
        String wanted = registry.push("wanted:1", "wanted");
        String unused = registry.push("unused:1", "unused");
        String runtime = lab.engine().runtime();
        lab.agent().manifest("used.yaml", pod("used", used));
        lab.agent().manifest("wanted.yaml", pod("wanted", wanted));
        lab.agent().manifest("unused.yaml", pod("unused", unused));
        lab.agent().start();
        List.of("used", "wanted", "unused").forEach(lab::running);
        lab.agent().manifest("wanted.yaml", pod("wanted", wanted) + "  nodeSelector: {kubernetes.io/hostname: elsewhere}\n");
        lab.agent().remove("unused.yaml");
        List.of("wanted", "unused").forEach(lab::gone);
        assertThat(lab.engine().images()).contains(used, wanted, unused);

        lab.agent().config("io.holdfast.reconciler", "image.gc.high.percent=1", "image.gc.low.percent=0", "image.gc.period.seconds=1",
                "image.gc.min.age.seconds=1", "image.gc.runtimes=" + runtime);
        soon(() -> assertThat(lab.engine().images()).doesNotContain(unused));
        soon(() -> assertThat(lab.agent().log()).contains("could not be freed, as all other images are needed or new"));
        assertThat(lab.engine().images()).contains(used, wanted)
                .anyMatch(image -> image.contains("/pause:")); // the engine needs it for the next sandbox
        lab.agent().manifest("used.yaml", pod("used", used).replace("cat /version", "cat /version; echo again"));
        soon(() -> assertThat(lab.agent().cli("pod:logs", "used").out()).contains("again"));
    }

    @Test
    void oneDeadContainerAndItsLogsAreKept() throws Exception {
        lab.agent().config("io.holdfast.reconciler", "restart.backoff.seconds=1", "restart.backoff.max.seconds=1");
        lab.agent().manifest("crashing.yaml", Pods.shell("crashing", "echo again; sleep 0.5; exit 1"));
        lab.agent().start();
        soon(() -> assertThat(logs()).contains("4.log").doesNotContain("0.log", "1.log", "2.log"));
        soon(() -> assertThat(lab.engine().containers("crashing-" + Agent.NODE)).hasSizeLessThanOrEqualTo(2));
        assertThat(lab.agent().cli("pod:logs", "-p", "crashing").out()).contains("again");
    }

    /** Of all containers called main; none while there is no directory yet. */
    private List<String> logs() {
        return Stream.ofNullable(lab.agent().logDirectory().toFile().listFiles()).flatMap(Stream::of)
                .flatMap(pod -> Stream.ofNullable(new File(pod, "main").list())).flatMap(Stream::of).toList();
    }

    private static String pod(String name, String image) {
        return Pods.shell(name, "cat /version; trap 'exit 0' TERM; while :; do sleep 3600 & wait; done").replace(Agent.IMAGE, image);
    }
}

package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static io.holdfast.itests.PodCgroupDirs.read;
import static io.holdfast.itests.PodCgroupDirs.said;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.holdfast.itests.Engine.Container;

/** Requests and limits, seen in the container and in the cgroups of the machine. */
class ResourcesIT { // G6

    private static final String UID = "io.kubernetes.pod.uid";

    @RegisterExtension
    final Lab lab = new Lab();

    private static String sleeper(String name, String resources) {
        return Pods.sleeper(name) + "    resources: " + resources + "\n";
    }

    private static String uid(Container container) {
        return Objects.requireNonNull(container.labels().get(UID));
    }

    private String inside(Container container, String file1, String file2) {
        return lab.engine().exec(container.id(), "cat", "/sys/fs/cgroup/" + said(file1, file2)).strip();
    }

    private int oomScore(Container container) {
        return Integer.parseInt(lab.engine().exec(container.id(), "cat", "/proc/1/oom_score_adj").strip());
    }

    @Test
    void containersAndPodsAreHeldToWhatTheManifestSays() throws Exception {
        lab.agent().start().manifest("a.yaml", sleeper("sure", "{limits: {cpu: 500m, memory: 64Mi}}") + """
                  - name: second
                    image: %s
                    command: [sleep, "3600"]
                    resources: {limits: {cpu: 1500m, memory: 32Mi}}
                """.formatted(Agent.IMAGE));
        lab.agent().manifest("b.yaml", sleeper("more", "{requests: {cpu: 250m, memory: 16Mi}, limits: {memory: 64Mi}}"));
        lab.agent().manifest("c.yaml", Pods.sleeper("rest"));
        Container sure = lab.container("sure", "main");
        Container second = lab.container("sure", "second");
        assertThat(inside(sure, "cpu/cpu.shares", "cpu.weight")).isEqualTo(said("512", "20"));
        assertThat(inside(sure, "cpu/cpu.cfs_quota_us", "cpu.max")).isEqualTo(said("50000", "50000 100000"));
        assertThat(inside(sure, "memory/memory.limit_in_bytes", "memory.max")).isEqualTo("67108864");

        String uid = uid(sure);
        Path cpu = PodCgroupDirs.of("cpu", "", uid);
        assertThat(read(cpu, "cpu.shares", "cpu.weight")).isEqualTo(said("2048", "79"));
        assertThat(read(cpu, "cpu.cfs_quota_us", "cpu.max")).isEqualTo(said("200000", "200000 100000"));
        assertThat(read(PodCgroupDirs.of("memory", "", uid), "memory.limit_in_bytes", "memory.max")).isEqualTo("100663296");
        assertThat(PodCgroupDirs.children(cpu)).extracting(p -> p.getFileName().toString()).contains(sure.id(),
                second.id());

        Container more = lab.container("more", "main");
        Path burstable = PodCgroupDirs.of("cpu", "burstable", uid(more));
        assertThat(read(burstable, "cpu.shares", "cpu.weight")).isEqualTo(said("256", "10"));
        assertThat(Integer.parseInt(read(burstable.resolve(".."), "cpu.shares", "cpu.weight")))
                .isGreaterThanOrEqualTo(Integer.parseInt(said("256", "10"))); // there may be others' pods in it
        Container rest = lab.container("rest", "main");
        assertThat(read(PodCgroupDirs.of("cpu", "besteffort", uid(rest)), "cpu.shares", "cpu.weight"))
                .isEqualTo(said("2", "1"));
        assertThat(List.of(sure, more, rest)).allSatisfy( // -997, unless nobody on the machine may spare a process
                container -> assertThat(oomScore(container)).isLessThanOrEqualTo(0));
    }

    @Test
    void thePodsCgroupGoesWithThePodEvenIfTheAgentWasKilled() throws Exception { // R8
        lab.agent().start().manifest("web.yaml", sleeper("web", "{limits: {cpu: 500m}}"));
        lab.agent().manifest("seen.yaml", Pods.sleeper("seen"));
        String web = uid(lab.running("web"));
        String seen = uid(lab.running("seen"));
        assertThat(PodCgroupDirs.of(web)).isNotEmpty();
        assertThat(PodCgroupDirs.of(seen)).isNotEmpty();
        lab.agent().remove("seen.yaml");
        soon(() -> assertThat(PodCgroupDirs.of(seen)).isEmpty());
        lab.agent().kill();
        lab.agent().remove("web.yaml");
        lab.agent().start();
        soon(() -> assertThat(PodCgroupDirs.of(web)).isEmpty());
        lab.gone("web");
    }

    @Test
    void aProcessThatTheEngineHasLostGoesWithThePod() throws Exception { // G6
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        String web = uid(lab.running("web"));
        Process lost = new ProcessBuilder("sleep", "3600").start();
        Path group = Files.createDirectory(PodCgroupDirs.of("cpu", "besteffort", web).resolve("lost"));
        Files.writeString(group.resolve("cgroup.procs"), Long.toString(lost.pid()));
        lab.agent().remove("web.yaml");
        lab.gone("web");
        assertThat(lost.waitFor(10, TimeUnit.SECONDS)).isTrue();
        soon(() -> assertThat(PodCgroupDirs.of(web)).isEmpty());
    }

    @Test
    void aContainerThatTakesTooMuchMemoryIsEndedAndSaysSo() throws Exception { // C3, L1
        lab.agent().start().manifest("greedy.yaml", Pods.shell("greedy", "exec tail /dev/zero")
                .replace("spec:", "spec:\n  restartPolicy: Never") + "    resources: {limits: {memory: 16Mi}}\n");
        soon(() -> {
            var ended = lab.status("greedy").at("/containerStatuses/0/state/terminated");
            assertThat(ended.path("reason").asText()).isEqualTo("OOMKilled");
            assertThat(ended.path("exitCode").asInt()).isEqualTo(137);
        });
    }

    @Test
    void whatRunsWithoutACgroupOfItsOwnGoesOnSo() throws Exception { // I5: as after an upgrade
        lab.agent().config("io.holdfast.reconciler", "cgroup.root=");
        lab.agent().start().manifest("old.yaml", Pods.sleeper("old"));
        Container old = lab.running("old");
        lab.agent().stop();
        lab.agent().removeConfig("io.holdfast.reconciler");
        lab.agent().start().manifest("new.yaml", Pods.sleeper("new"));
        assertThat(PodCgroupDirs.of(uid(lab.running("new")))).isNotEmpty();
        assertThat(lab.running("old").id()).isEqualTo(old.id());
        lab.engine().kill(old.id());
        soon(() -> assertThat(lab.running("old").attempt()).isEqualTo(1));
        assertThat(PodCgroupDirs.of(uid(old))).isEmpty();
    }
}

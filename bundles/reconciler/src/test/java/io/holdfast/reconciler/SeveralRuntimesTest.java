package io.holdfast.reconciler;

import static io.holdfast.reconciler.Rig.running;
import static io.holdfast.reconciler.Rig.waiting;
import static io.holdfast.reconciler.TestPods.IMAGE;
import static io.holdfast.reconciler.TestPods.name;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.status.PodView;
import io.holdfast.testkit.FakeRuntime;

/** Pods on more than one runtime, and on their way between them (design decisions 6 and 7). */
@Timeout(60)
class SeveralRuntimesTest {

    @TempDir
    Path directory;

    private final FakeRuntime cri = new FakeRuntime();
    private final FakeRuntime docker = new FakeRuntime();
    private final List<Rig> rigs = new ArrayList<>();
    private Rig rig;

    @BeforeEach
    void start() {
        cri.addImage(IMAGE);
        docker.addImage(IMAGE);
        rig = agent(Map.of());
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Rig agent : rigs) {
            agent.close();
        }
    }

    private Rig agent(Map<String, FakeRuntime> present) {
        rig = new Rig(cri, directory, Rig.settings(Duration.ofMillis(200), Duration.ofSeconds(30)), present);
        rigs.add(rig);
        return rig;
    }

    private Rig agentOnBoth() {
        return agent(Map.of("cri", cri, "docker", docker));
    }

    private void killAgent() throws InterruptedException {
        rig.close();
    }

    private static void awaitOn(FakeRuntime runtime, String... containers) {
        waiting().until(() -> running(runtime).equals(List.of(containers)));
    }

    private static void awaitNothingOf(FakeRuntime runtime) {
        waiting().until(() -> runtime.pods().isEmpty());
    }

    private void awaitEvent(String pod, String text) {
        waiting().until(() -> rig.view(pod).map(PodView::events).orElse(List.of()).stream()
                .anyMatch(event -> event.message().contains(text)));
    }

    private static long starts(FakeRuntime runtime) {
        return runtime.calls().stream().filter(call -> call.startsWith("start ")).count();
    }

    // ------------------------------------------------------------------ choosing

    @Test
    void byDefaultItIsCriWhereThatAnswers() throws InterruptedException {
        agent(Map.of("docker", docker));
        rig.want(pod("web-n"));
        rig.awaitReason("web-n", "RuntimeUnavailable");
        rig.bind("cri", cri);
        awaitOn(cri, "web-n/app#0 v1");
        assertThat(docker.pods()).isEmpty();
        assertThat(rig.podRuntimes().byDefault()).contains("cri");
    }

    @Test
    void whereCriDoesNotAnswerItIsDocker() throws InterruptedException {
        cri.disconnect();
        agentOnBoth();
        rig.want(pod("web-n"));
        awaitOn(docker, "web-n/app#0 v1");
        cri.connect();
        rig.want(pod("web-n"), pod("api-n"));
        awaitOn(docker, "api-n/app#0 v1", "web-n/app#0 v1");
        assertThat(cri.pods()).as("decided once").isEmpty();
    }

    @Test
    void aSocketThatAppearsLaterIsFound() {
        cri.disconnect();
        docker.disconnect();
        agentOnBoth();
        rig.want(pod("web-n"));
        rig.awaitReason("web-n", "RuntimeUnavailable");
        docker.connect();
        awaitOn(docker, "web-n/app#0 v1");
    }

    @Test
    void whatWasDecidedHoldsForTheNextAgentWhicheverEngineIsUpFirst() throws InterruptedException {
        agent(Map.of("cri", cri));
        rig.want(pod("web-n"));
        awaitOn(cri, "web-n/app#0 v1");
        killAgent();
        cri.disconnect();
        agentOnBoth();
        rig.want(pod("web-n"), pod("api-n"));
        rig.awaitReason("api-n", "RuntimeUnavailable");
        cri.connect();
        awaitOn(cri, "api-n/app#0 v1", "web-n/app#0 v1");
        assertThat(docker.pods()).isEmpty();
        assertThat(starts(cri)).isEqualTo(2);
    }

    @Test
    void aRuntimeClassIsWhatTheConfigurationSays() {
        agentOnBoth();
        rig.choose(Map.of("default", "cri", "class.old", "docker", "class.gvisor", "cri/runsc"));
        rig.want(pod("a-n").runtimeClass("old"), pod("b-n").runtimeClass("gvisor"), pod("c-n").runtimeClass("odl"));
        awaitOn(docker, "a-n/app#0 v1");
        awaitOn(cri, "b-n/app#0 v1");
        assertThat(cri.spec(sandboxOf(cri, "b-n")).handler()).isEqualTo("runsc");
        rig.awaitReason("c-n", "RuntimeUnavailable");
        awaitEventOrStatus("c-n", "runtimeClassName 'odl' stands for no runtime: io.holdfast.runtimes has no class.odl;"
                + " did you mean 'old'?");
        rig.choose(Map.of("default", "cri", "class.old", "docker", "class.gvisor", "cri/runsc", "class.odl", "docker"));
        awaitOn(docker, "a-n/app#0 v1", "c-n/app#0 v1");
    }

    private static SandboxId sandboxOf(FakeRuntime runtime, String pod) {
        try {
            return runtime.pod(name(pod)).orElseThrow().sandboxes().getFirst().id();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitEventOrStatus(String pod, String text) {
        waiting().until(() -> rig.view(pod).map(v -> v.status().toString()).orElse("").contains(text));
    }

    @Test
    void aConfigurationThatCannotBeReadChangesNothing() {
        agentOnBoth();
        rig.choose(Map.of("default", "docker"));
        rig.choose(Map.of("defualt", "cri"));
        rig.want(pod("web-n"));
        awaitOn(docker, "web-n/app#0 v1");
    }

    // ------------------------------------------------------------------ moving

    @Test
    void anotherDefaultMovesThePods() {
        agentOnBoth();
        rig.want(pod("web-n"), pod("api-n"));
        awaitOn(cri, "api-n/app#0 v1", "web-n/app#0 v1");
        rig.choose(Map.of("default", "docker"));
        awaitOn(docker, "api-n/app#0 v1", "web-n/app#0 v1");
        awaitNothingOf(cri);
        assertThat(starts(docker)).isEqualTo(2);
        assertThat(rig.view("web-n").orElseThrow().runtime()).isEqualTo("docker");
    }

    @Test
    void aPersonMovesOnePodAndItStaysThere() throws InterruptedException {
        agentOnBoth();
        rig.want(pod("web-n"), pod("api-n"));
        awaitOn(cri, "api-n/app#0 v1", "web-n/app#0 v1");
        rig.podRuntimes().move(name("web-n"), "docker");
        awaitOn(docker, "web-n/app#0 v1");
        awaitOn(cri, "api-n/app#0 v1");

        killAgent();
        agentOnBoth();
        rig.want(pod("web-n").edition("v2"), pod("api-n"));
        awaitOn(docker, "web-n/app#0 v2");
        rig.podRuntimes().move(name("web-n"), "cri"); // back
        awaitOn(cri, "api-n/app#0 v1", "web-n/app#0 v2");
        awaitNothingOf(docker);
    }

    @Test
    void onlyWhatIsThereCanBeMovedToWhatIsThere() {
        agentOnBoth();
        rig.want(pod("web-n"));
        awaitOn(cri, "web-n/app#0 v1");
        waiting().untilAsserted(() -> assertThatIllegalArgumentException()
                .isThrownBy(() -> rig.podRuntimes().move(name("web-n"), "dokcer"))
                .withMessage("no runtime 'dokcer' is there; did you mean 'docker'?"));
        assertThatIllegalArgumentException().isThrownBy(() -> rig.podRuntimes().move(name("wbe-n"), "docker"))
                .withMessage("no manifest wants pod default/wbe-n");
    }

    @Test
    void whatRunsStaysUntilItsImageIsWhereItIsToGo() {
        docker.removeImage(IMAGE);
        docker.refuse("pull " + IMAGE, "no such image");
        agentOnBoth();
        rig.want(pod("web-n"));
        awaitOn(cri, "web-n/app#0 v1");
        awaitFound(docker);
        rig.podRuntimes().move(name("web-n"), "docker");
        awaitEvent("web-n", "cannot move to runtime docker, it stays where it is: image \"" + IMAGE
                + "\" is not there: no such image");
        cri.crash(name("web-n"), "app", 1);
        awaitOn(cri, "web-n/app#1 v1"); // and is cared for
        docker.addImage(IMAGE);
        docker.heal("pull " + IMAGE);
        awaitOn(docker, "web-n/app#0 v1");
        awaitNothingOf(cri);
    }

    private void awaitFound(FakeRuntime runtime) {
        waiting().until(() -> runtime.looks() > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = { "stop", "stopSandbox", "removeSandbox" })
    void anAgentThatDiesOnTheWayMovesItOnce(String call) throws InterruptedException {
        agentOnBoth();
        rig.want(pod("web-n"));
        awaitOn(cri, "web-n/app#0 v1");
        awaitFound(docker);
        String stuck = call + " default/web-n" + (call.equals("stop") ? "/app#0 grace=30s" : "#0");
        cri.block(stuck);
        rig.podRuntimes().move(name("web-n"), "docker");
        waiting().until(() -> cri.calls().contains(stuck));
        killAgent();

        agentOnBoth();
        rig.want(pod("web-n"));
        assertThat(docker.pods()).isEmpty();
        cri.heal(stuck);
        awaitOn(docker, "web-n/app#0 v1");
        awaitNothingOf(cri);
        assertThat(starts(cri)).isEqualTo(1);
        assertThat(starts(docker)).isEqualTo(1);
    }

    // ------------------------------------------------------------------ runtimes that are away

    @Test
    void aPodOnARuntimeThatIsAwayIsNotStartedElsewhere() throws InterruptedException { // design decision 7
        agentOnBoth();
        rig.choose(Map.of("default", "docker"));
        rig.want(pod("web-n"));
        awaitOn(docker, "web-n/app#0 v1");
        killAgent();
        agent(Map.of("cri", cri));
        rig.choose(Map.of("default", "cri"));
        rig.want(pod("web-n"), pod("api-n"));
        awaitOn(cri, "api-n/app#0 v1");
        rig.awaitReason("web-n", "RuntimeUnavailable");
        awaitEventOrStatus("web-n", "it runs on runtime docker, which is not there");
        assertThat(rig.isComplete()).isFalse();

        rig.bind("docker", docker);
        waiting().until(rig::isComplete);
        awaitOn(cri, "api-n/app#0 v1", "web-n/app#0 v1");
        awaitNothingOf(docker);
    }

    @Test
    void aRuntimeThatIsGoneForGoodCanBeForgotten() throws InterruptedException {
        agentOnBoth();
        rig.choose(Map.of("default", "docker"));
        rig.want(pod("web-n"));
        awaitOn(docker, "web-n/app#0 v1");
        assertThatIllegalArgumentException().isThrownBy(() -> rig.podRuntimes().forget("docker"))
                .withMessageContaining("is there");
        rig.unbind("docker", docker);
        rig.choose(Map.of("default", "cri"));
        rig.awaitReason("web-n", "RuntimeUnavailable");
        assertThatIllegalArgumentException().isThrownBy(() -> rig.podRuntimes().forget("dokcer"))
                .withMessage("no pod was on a runtime 'dokcer'; did you mean 'docker'?");
        assertThat(cri.pods()).isEmpty();
        rig.podRuntimes().forget("docker");
        assertThat(rig.isComplete()).isTrue();
        awaitOn(cri, "web-n/app#0 v1");
    }

    @Test
    void whatARuntimeThatWasAwayStillHasOfAPodCostsItNothingElsewhere() throws Exception {
        agentOnBoth();
        rig.choose(Map.of("default", "docker"));
        rig.want(pod("web-n"));
        awaitOn(docker, "web-n/app#0 v1");
        rig.unbind("docker", docker);
        rig.choose(Map.of("default", "cri"));
        rig.awaitReason("web-n", "RuntimeUnavailable");
        rig.podRuntimes().forget("docker");
        awaitOn(cri, "web-n/app#0 v1");
        Path hosts = directory.resolve("var/pods/v1/etc-hosts");
        assertThat(hosts).exists();
        rig.bind("docker", docker);
        awaitNothingOf(docker);
        assertThat(hosts).exists();
        awaitOn(cri, "web-n/app#0 v1");
        assertThat(starts(cri)).isOne();
    }

    @Test
    void aPodWhoseManifestWentWhileItsRuntimeWasAwayGoesWhenThatIsBack() throws InterruptedException { // R7
        agentOnBoth();
        rig.choose(Map.of("default", "docker"));
        rig.want(pod("web-n"), pod("api-n"));
        awaitOn(docker, "api-n/app#0 v1", "web-n/app#0 v1");
        rig.unbind("docker", docker);
        rig.want(pod("api-n"));
        rig.bind("docker", docker);
        awaitOn(docker, "api-n/app#0 v1");
        assertThat(starts(docker)).isEqualTo(2);
    }

    @Test
    void theFilesOfPodsOnARuntimeThatIsAwayStay() throws Exception {
        agentOnBoth();
        rig.choose(Map.of("default", "docker"));
        rig.want(pod("web-n"));
        awaitOn(docker, "web-n/app#0 v1");
        killAgent();
        agent(Map.of("cri", cri));
        rig.want(); // nobody wants it any more, but it runs
        waiting().until(() -> cri.looks() > 1);
        rig.want(pod("api-n"));
        awaitOn(cri, "api-n/app#0 v1");
        assertThat(directory.resolve("var/pods/v1")).exists();
        rig.bind("docker", docker);
        awaitNothingOf(docker);
    }
}

package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.runtime.ContainerExec;
import io.holdfast.runtime.ContainerExec.Result;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.ContainerSpec.Mount;
import io.holdfast.runtime.ContainerSpec.Mount.Access;
import io.holdfast.runtime.ImageStore;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.SandboxSpec.Namespaces;
import io.holdfast.runtime.SandboxSpec.Namespaces.Pid;
import io.holdfast.runtime.Security;
import io.holdfast.runtime.Security.Profile;
import io.holdfast.runtime.Security.SeLinux;

/**
 * What Holdfast relies on in an engine that runs Linux processes on this machine and has {@link ContainerExec}, beside all
 * of {@link ContainerRuntimeContract}: how they are confined, as they see it from the inside, and commands among them. It
 * is run as root; its image must have busybox, and a user {@code app} of number and main group 1000 that it is not run by.
 */
public abstract class LinuxRuntimeContract extends ContainerRuntimeContract {

    private static final Path APP_ARMOR = Path.of("/sys/module/apparmor/parameters/enabled");
    /** Whoever is not told to leave something has it: what follows tells apart. */
    private static final int CHOWN = 0;
    private static final int KILL = 5;
    private static final int NET_BIND_SERVICE = 10;
    private static final int NET_ADMIN = 12;
    private static final int SYS_ADMIN = 21;

    private int sandboxes;

    protected LinuxRuntimeContract() {
    }

    /** What not every engine can do. */
    public enum Extra {
        StopSignal, RecursiveReadOnly, StrictGroups,
        /** It gives all that there are in the kernel, also where the machine lacks one, as in some containers. */
        AllCapabilities,
        /** It has {@link ImageStore}. */
        ImageStore
    }

    /** What this one cannot do, and therefore must refuse. */
    protected Set<Extra> lacks() {
        return Set.of();
    }

    // ------------------------------------------------------------------ what it keeps

    @Test
    void imagesAreListedWithTheirSizeAndWhetherTheyAreInUse() throws Exception { // G1
        if (!lacks().contains(Extra.ImageStore)) {
            SandboxId sandbox = runtime.runSandbox(sandbox(0));
            runtime.create(sandbox, sandbox(0), shell("app", 0, "sleep 1000"));
            String id = runtime.image(image()).orElseThrow().id();

            assertThat(((ImageStore) runtime).images()).filteredOn(i -> i.id().equals(id)).singleElement().satisfies(stored -> {
                assertThat(stored.references()).contains(image());
                assertThat(stored.bytes()).isPositive();
                assertThat(stored.inUse()).isTrue();
            });
        }
    }

    @Test
    void anImageThatIsGoneIsDiscardedAlready() throws Exception { // G1
        if (!lacks().contains(Extra.ImageStore)) {
            ((ImageStore) runtime).discard("sha256:" + "0123456789abcdef".repeat(4));
        }
    }

    @Test
    void imagesAreOnADiskOfSomeSize() throws Exception { // G1
        if (!lacks().contains(Extra.ImageStore)) {
            ImageStore.Space disk = ((ImageStore) runtime).space();
            assertThat(disk.available()).isBetween(1L, disk.capacity());
            assertThat(disk.usedPercent()).isBetween(0, 99);
        }
    }

    // ------------------------------------------------------------------ who it is

    @Test
    void itsUserGroupAndGroupsAreThoseThatAreSaid() throws Exception {
        assertThat(says(draft().user(1234L).group(5678L).groups(42L, 43L), "id -u; id -g; grep ^Groups /proc/self/status"))
                .startsWith("1234", "5678").hasSize(3).last().asString().contains("42 43 ");
    }

    @Test
    void aUserWithoutAGroupHasTheOneThatTheImageGivesIt() throws Exception {
        assertThat(says(draft().user(1000L), "id -u; id -g")).containsExactly("1000", "1000");
    }

    @Test
    void aGroupWithoutAUserIsThatOfTheImagesUser() throws Exception {
        assertThat(says(draft().group(5678L), "id -u; id -g")).containsExactly("0", "5678");
    }

    // ------------------------------------------------------------------ what it may do

    @Test
    void capabilitiesAreAddedAndDropped() throws Exception {
        long usual = capabilities(draft());
        assertThat(has(usual, CHOWN)).isTrue();
        assertThat(has(usual, NET_ADMIN)).isFalse();

        assertThat(capabilities(draft().add("NET_ADMIN").drop("CHOWN")))
                .isEqualTo((usual & ~(1L << CHOWN)) | (1L << NET_ADMIN));
        assertThat(capabilities(draft().drop("ALL"))).isZero();
        assertThat(capabilities(draft().drop("ALL").add("NET_BIND_SERVICE"))).isEqualTo(1L << NET_BIND_SERVICE);
        Draft allButOne = draft().add("ALL").drop("KILL");
        if (!isRefused(allButOne, Extra.AllCapabilities, "not permitted")) {
            long all = capabilities(allButOne);
            assertThat(has(all, SYS_ADMIN)).isTrue();
            assertThat(has(all, KILL)).isFalse();
        }
    }

    @Test
    void onlyThePrivilegedMayDoWhatTheNodeMay() throws Exception {
        String script = "mount -t tmpfs none /tmp 2>/dev/null && echo mounted; grep -c ' /proc/' /proc/self/mountinfo";
        assertThat(says(draft(), script)).singleElement().as("mounts over /proc").isNotEqualTo("0");
        if (!isRefused(draft().privileged(), Extra.AllCapabilities, "not permitted")) {
            assertThat(says(draft().privileged(), script)).containsExactly("mounted", "0");
        }
    }

    @Test
    void privilegesAreNotGainedWhenTheyMayNot() throws Exception {
        String script = "grep NoNewPrivs /proc/self/status";
        assertThat(says(draft(), script)).containsExactly("NoNewPrivs:\t0");
        assertThat(says(draft().noNewPrivileges(), script)).containsExactly("NoNewPrivs:\t1");
    }

    @Test
    void aReadOnlyRootIsNotWrittenTo() throws Exception {
        String script = "touch /there && ls /there";
        assertThat(says(draft(), script)).containsExactly("/there");
        assertThat(says(draft().readOnlyRoot(), script)).singleElement().asString().contains("Read-only file system");
    }

    @Test
    void procIsMaskedUnlessItIsNotToBe() throws Exception {
        String script = "grep -c ' /proc/' /proc/self/mountinfo";
        assertThat(says(draft(), script)).singleElement().as("mounts over /proc").isNotEqualTo("0");
        assertThat(says(draft().unmaskedProc(), script)).containsExactly("0");
    }

    @Test
    void aSeccompProfileIsNoneTheEnginesOrAFile() throws Exception {
        String script = "mkdir /tmp/made 2>&1; grep Seccomp: /proc/self/status";
        assertThat(says(draft(), script)).containsExactly("Seccomp:\t0");
        assertThat(says(draft().seccomp(new Profile.Unconfined()), script)).containsExactly("Seccomp:\t0");
        assertThat(says(draft().seccomp(new Profile.RuntimeDefault()), script)).containsExactly("Seccomp:\t2");
        Path file = Files.writeString(directory().resolve("no-mkdir.json"), """
                {"defaultAction": "SCMP_ACT_ALLOW",
                 "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}
                """);
        assertThat(says(draft().seccomp(new Profile.Localhost(file.toString())), script))
                .containsExactly("mkdir: can't create directory '/tmp/made': Operation not permitted", "Seccomp:\t2");
    }

    @Test
    void aSeccompProfileThatIsNotThereIsRefusedByItsName() {
        assertThatThrownBy(() -> says(draft().seccomp(new Profile.Localhost("/no/such/profile.json")), "true"))
                .isInstanceOf(RuntimeRefused.class).hasMessageContaining("/no/such/profile.json")
                .hasMessageContaining("no such file");
    }

    @Test
    void anAppArmorProfileIsRefusedWhereThereIsNoAppArmor() throws Exception {
        Draft byDefault = draft().appArmor(new Profile.RuntimeDefault());
        if (Files.exists(APP_ARMOR) && Files.readString(APP_ARMOR).startsWith("Y")) {
            assertThat(says(byDefault, "cat /proc/self/attr/current")).singleElement().asString().endsWith("(enforce)");
        } else {
            assertThatThrownBy(() -> says(byDefault, "true")).isInstanceOf(RuntimeRefused.class)
                    .hasMessageContainingAll("pp", "rmor", "not");
        }
        assertThat(says(draft().appArmor(new Profile.Unconfined()), "echo runs")).containsExactly("runs");
    }

    @Test
    void anSeLinuxLabelIsTakenAlsoWhereThereIsNoSeLinux() throws Exception {
        assertThat(says(draft().seLinux(new SeLinux("", "", "", "s0:c1,c2")), "echo runs")).containsExactly("runs");
    }

    @Test
    void aReadOnlyMountIsNotWrittenTo() throws Exception {
        for (Access access : List.of(Access.ReadOnly, Access.RecursiveReadOnlyIfPossible)) {
            assertThat(says(draft().mount(directory(), access), "touch /mnt/x")).singleElement().asString()
                    .contains("Read-only file system");
        }
        assertThat(says(draft().mount(directory(), Access.ReadWrite), "touch /mnt/x && echo yes")).containsExactly("yes");
    }

    // ------------------------------------------------------------------ what not every engine can do

    @Test
    void theStopSignalIsTheOneThatIsSaidOrRefused() throws Exception { // T2
        Draft draft = draft().stopSignal("SIGUSR1");
        if (isRefused(draft, Extra.StopSignal, "SIGUSR1")) {
            return;
        }
        SandboxSpec in = draft.sandbox();
        SandboxId sandbox = runtime.runSandbox(in);
        ContainerId id = start(sandbox, in, draft.container("trap 'exit 7' USR1; while :; do sleep 0.02; done"));
        awaitedOutput(id, "ps", "sleep 0.02"); // by then the trap is set
        runtime.stop(id, SOON);
        assertThat(awaitExit(sandbox, id).exitCode()).isEqualTo(7);
    }

    @Test
    void aMountIsReadOnlyAllTheWayDownOrRefused() throws Exception {
        Draft draft = draft().mount(directory(), Access.RecursiveReadOnly);
        if (!isRefused(draft, Extra.RecursiveReadOnly, "/mnt")) {
            assertThat(says(draft, "touch /mnt/x")).singleElement().asString().contains("Read-only file system");
        }
    }

    @Test
    void theImagesGroupsAreLeftOutOrThatIsRefused() throws Exception {
        Draft draft = draft().user(1000L).group(5678L).groups(42L).withoutImageGroups();
        if (!isRefused(draft, Extra.StrictGroups, "supplementalGroupsPolicy")) {
            assertThat(says(draft, "id -G")).singleElement().satisfies(
                    ids -> assertThat(ids.split(" ")).containsExactlyInAnyOrder("5678", "42"));
        }
    }

    private boolean isRefused(Draft draft, Extra extra, String named) {
        if (lacks().contains(extra)) {
            assertThatThrownBy(() -> says(draft, "true")).isInstanceOf(RuntimeRefused.class).hasMessageContaining(named);
        }
        return lacks().contains(extra);
    }

    // ------------------------------------------------------------------ what it shares

    @Test
    void itSeesItsOwnProcessesThePodsOrTheNodes() throws Exception {
        String nodes = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        for (Pid pid : Pid.values()) {
            SandboxSpec in = draft().pid(pid).sandbox();
            SandboxId sandbox = runtime.runSandbox(in);
            start(sandbox, in, shell("other", 0, "sleep 98765"));
            ContainerId looking = start(sandbox, in, shell("app", 0, "sleep 1000"));

            List<String> seen = output(exec(looking, "sh", "-c", "readlink /proc/self/ns/pid; ps | grep 'sleep [9]8765'")).lines().toList();
            assertThat(seen.getFirst().equals(nodes)).as("the node's, %s", pid).isEqualTo(pid == Pid.Node);
            assertThat(seen.stream().anyMatch(line -> line.contains("sleep 98765"))).as("another container's, %s", pid)
                    .isEqualTo(pid != Pid.Container);
            runtime.removeSandbox(sandbox);
        }
    }

    @Test
    void sysctlsAreThoseOfThePod() throws Exception { // G5
        String port = "net.ipv4.ip_unprivileged_port_start";
        assertThat(says(draft().sysctls(Map.of(port, "80", "kernel.shm_rmid_forced", "1")),
                "cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/shm_rmid_forced"))
                .containsExactly("80", "1");
    }

    // ------------------------------------------------------------------ commands

    @Test
    void aCommandTellsItsOutputAndExitCode() throws Exception { // P1
        ContainerId id = running(draft());
        assertThat(exec(id, "sh", "-c", "echo out; echo err >&2; exit 3")).isInstanceOfSatisfying(
                Result.Exited.class, exited -> {
                    assertThat(exited.exitCode()).isEqualTo(3);
                    assertThat(exited.output().lines()).containsExactlyInAnyOrder("out", "err");
                });
        assertThat(exec(id, "true")).isEqualTo(new Result.Exited(0, ""));
    }

    @Test
    void aCommandIsRunByTheContainersUser() throws Exception {
        assertThat(output(exec(running(draft().user(1234L).group(5678L)), "sh", "-c", "id -u; id -g")).lines())
                .containsExactly("1234", "5678");
    }

    @Test
    void ofLongOutputTheBeginningIsKept() throws Exception {
        String output = output(exec(running(draft()), "sh", "-c", "yes | head -c 300000"));
        assertThat(output).startsWith("y\ny\n").hasSize(Result.MOST_OUTPUT);
    }

    @Test
    void aCommandThatIsNotThereIsRefusedAndSoIsOneInWhatDoesNotRun() throws Exception {
        ContainerId id = running(draft());
        assertThatThrownBy(() -> exec(id, "/no/such/program")).isInstanceOf(RuntimeRefused.class)
                .hasMessageContaining("/no/such/program").message().doesNotContain("rpc error");
        assertThat(exec(id, "sh", "-c", "/no/such/program 2>/dev/null")).as("a shell's own word for it")
                .isEqualTo(new Result.Exited(127, ""));
        runtime.stop(id, Duration.ZERO);
        assertThatThrownBy(() -> exec(id, "true")).isInstanceOf(RuntimeRefused.class);
    }

    @Test
    void aCommandThatTakesTooLongIsKilled() throws Exception { // P1
        ContainerId id = running(draft());
        Instant begin = Instant.now();
        assertThat(exec(id, Duration.ofSeconds(1), "sleep", "98765")).isInstanceOf(Result.TimedOut.class);
        assertThat(Duration.between(begin, Instant.now())).isBetween(Duration.ofMillis(990), Duration.ofSeconds(5));
        awaitGone(id, "sleep 98765");
    }

    @Test
    void aCommandWhoseChildrenStayIsKilledNoLater() throws Exception {
        ContainerId id = running(draft());
        Instant begin = Instant.now();
        assertThat(exec(id, Duration.ofSeconds(1), "sh", "-c", ": the parent; sleep 98765; true"))
                .isInstanceOf(Result.TimedOut.class);
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
        awaitGone(id, "the parent");
    }

    @Test
    void aHungCommandIsInTheWayOfNoOtherAndItsCallCanBeInterrupted() throws Exception {
        ContainerId id = running(draft());
        AtomicReference<Object> outcome = new AtomicReference<>("nothing");
        Thread hung = Thread.ofVirtual().start(() -> {
            try {
                outcome.set(exec(id, Duration.ofMinutes(2), "sleep", "98765"));
            } catch (InterruptedException | RuntimeException e) {
                outcome.set(e);
            }
        });
        awaitedOutput(id, "ps", "sleep 98765");

        hung.interrupt();
        assertThat(hung.join(SOON)).isTrue();
        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        awaitGone(id, "sleep 98765");
    }

    private void awaitedOutput(ContainerId id, String command, String part) {
        Awaitility.await().atMost(SOON).until(() -> output(exec(id, command)).contains(part));
    }

    private void awaitGone(ContainerId id, String command) {
        Awaitility.await().atMost(SOON).until(() -> !output(exec(id, "ps")).contains(command));
    }

    // ------------------------------------------------------------------ what the tests are made of

    /** A container of its own sandbox, in the pod network, as nobody has confined it. */
    private Draft draft() {
        return new Draft();
    }

    private final class Draft {

        private @Nullable Long user;
        private @Nullable Long group;
        private List<Long> groups = List.of();
        private boolean merge = true;
        private boolean privileged;
        private List<String> add = List.of();
        private List<String> drop = List.of();
        private boolean noNewPrivileges;
        private boolean readOnlyRoot;
        private boolean unmaskedProc;
        private @Nullable Profile seccomp;
        private @Nullable Profile appArmor;
        private @Nullable SeLinux seLinux;
        private List<Mount> mounts = List.of();
        private Pid pid = Pid.Container;
        private Map<String, String> sysctls = Map.of();
        private String stopSignal = "";

        Draft user(Long uid) {
            user = uid;
            return this;
        }

        Draft group(Long gid) {
            group = gid;
            return this;
        }

        Draft groups(Long... gids) {
            groups = List.of(gids);
            return this;
        }

        Draft withoutImageGroups() {
            merge = false;
            return this;
        }

        Draft privileged() {
            privileged = true;
            return this;
        }

        Draft add(String capability) {
            add = List.of(capability);
            return this;
        }

        Draft drop(String capability) {
            drop = List.of(capability);
            return this;
        }

        Draft noNewPrivileges() {
            noNewPrivileges = true;
            return this;
        }

        Draft readOnlyRoot() {
            readOnlyRoot = true;
            return this;
        }

        Draft unmaskedProc() {
            unmaskedProc = true;
            return this;
        }

        Draft seccomp(Profile profile) {
            seccomp = profile;
            return this;
        }

        Draft appArmor(Profile profile) {
            appArmor = profile;
            return this;
        }

        Draft seLinux(SeLinux label) {
            seLinux = label;
            return this;
        }

        Draft mount(Path path, Access access) {
            mounts = List.of(new Mount("/mnt", path.toString(), access, MountPropagation.None));
            return this;
        }

        Draft pid(Pid whose) {
            pid = whose;
            return this;
        }

        Draft sysctls(Map<String, String> values) {
            sysctls = values;
            return this;
        }

        Draft stopSignal(String signal) {
            stopSignal = signal;
            return this;
        }

        SandboxSpec sandbox() {
            SandboxSpec s = LinuxRuntimeContract.this.sandbox(sandboxes++);
            return new SandboxSpec(s.name(), s.uid(), s.attempt(), s.hostname(), s.logDirectory(), s.labels(),
                    s.annotations(), new Namespaces(false, pid, false), s.ports(), s.dns(), "", "", privileged, sysctls,
                    seLinux);
        }

        ContainerSpec container(String script) {
            ContainerSpec c = shell("app", 0, script);
            Security security = new Security(user, group, groups, merge, privileged, add, drop, noNewPrivileges,
                    readOnlyRoot, unmaskedProc, seccomp, appArmor, seLinux);
            return new ContainerSpec(c.name(), c.attempt(), c.imageId(), c.image(), c.command(), c.args(), "", c.env(),
                    mounts, c.labels(), c.annotations(), c.logPath(), c.resources(), c.terminal(), security, stopSignal);
        }
    }

    /** What the script prints, line by line. */
    private List<String> says(Draft draft, String script) throws Exception {
        Path log = directory().resolve("uid-1/app/0.log");
        Files.deleteIfExists(log);
        SandboxSpec in = draft.sandbox();
        SandboxId sandbox = runtime.runSandbox(in);
        try {
            ContainerId id = start(sandbox, in, draft.container("exec 2>&1; " + script + "\necho the end"));
            awaitExit(sandbox, id);
            List<String> lines = awaited(() -> Optional.of(log).filter(Files::exists).map(LinuxRuntimeContract::lines)
                    .filter(all -> !all.isEmpty() && all.getLast().equals("the end")));
            return lines.subList(0, lines.size() - 1);
        } finally {
            runtime.removeSandbox(sandbox);
        }
    }

    /** Without what the log says of each line: a time, a stream and a tag. */
    private static List<String> lines(Path log) {
        try {
            return Files.readAllLines(log).stream().map(line -> line.split(" ", 4)[3]).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ContainerId running(Draft draft) throws Exception {
        SandboxSpec in = draft.sandbox();
        return start(runtime.runSandbox(in), in, draft.container("sleep 1000"));
    }

    private ContainerId start(SandboxId sandbox, SandboxSpec in, ContainerSpec spec) throws Exception {
        Files.createDirectories(directory().resolve("uid-1").resolve(spec.name()));
        ContainerId id = runtime.create(sandbox, in, spec);
        runtime.start(id);
        return id;
    }

    private long capabilities(Draft draft) throws Exception {
        return Long.parseUnsignedLong(says(draft, "grep CapEff /proc/self/status").getFirst().split("\t", 2)[1], 16);
    }

    private static boolean has(long capabilities, int which) {
        return (capabilities & (1L << which)) != 0;
    }

    private Result exec(ContainerId id, String... command) throws InterruptedException {
        return exec(id, SOON, command);
    }

    private Result exec(ContainerId id, Duration timeout, String... command) throws InterruptedException {
        assertThat(runtime).isInstanceOf(ContainerExec.class);
        return ((ContainerExec) runtime).exec(id, List.of(command), timeout);
    }

    private static String output(Result result) {
        assertThat(result).isInstanceOf(Result.Exited.class);
        return ((Result.Exited) result).output();
    }
}

package io.holdfast.shell;

import static io.holdfast.shell.Views.RUNNING;
import static io.holdfast.shell.Views.podStatus;
import static io.holdfast.shell.Views.status;
import static io.holdfast.shell.Views.view;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.shell.client.Frames;
import io.holdfast.source.ManifestCheck;
import io.holdfast.status.PodRuntimes;
import io.holdfast.status.PodStatus.Phase;

/** A real Gogo behind a real socket. */
final class ControlSocketTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** What a client got. */
    private record Answer(String out, String err, int code) {
    }

    /** A command that waits until it is interrupted. */
    public static final class Waiter {

        private final Cell<String> state = new Cell<>("new");

        public void forever() {
            state.set("waits");
            try {
                Thread.sleep(Duration.ofDays(1));
            } catch (InterruptedException _) {
                state.set("interrupted");
            }
        }

        public void work() {
            state.set("works");
            try {
                Thread.sleep(300);
                state.set("done");
            } catch (InterruptedException _) {
                state.set("interrupted");
            }
        }

        public void say(String... words) {
            System.out.println(List.of(words));
            System.err.println(words.length);
        }

        private void await(String expected) throws InterruptedException {
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            Cell.Versioned<String> now = state.current();
            while (!now.value().equals(expected) && System.nanoTime() < deadline) {
                now = state.after(now.version(), Duration.ofMillis(100));
            }
            assertThat(now.value()).isEqualTo(expected);
        }
    }

    /** As {@code stop} and {@code update} do it. */
    public record Stopper(ControlSocket socket) {

        public String quit() {
            socket.close();
            return Thread.currentThread().isInterrupted() ? "interrupted" : "stopped";
        }
    }

    @TempDir
    Path temp;

    private static final PrintStream OUT = System.out;
    private static final PrintStream ERR = System.err;
    private static final InputStream IN = System.in;

    private final ThreadIOImpl threadIo = threadIo();
    private final CommandProcessorImpl gogo = new CommandProcessorImpl(threadIo);
    private final Agent agent = new Agent();
    private final Waiter waiter = new Waiter();
    private final List<ControlSocket> sockets = new ArrayList<>();
    private Path path = Path.of("/");
    private int systemState = Bundle.ACTIVE;

    /** A command that was cut short sets the streams when it ends at last, also after its Gogo was stopped. */
    private static ThreadIOImpl threadIo() {
        System.setOut(OUT);
        System.setErr(ERR);
        System.setIn(IN);
        return new ThreadIOImpl();
    }

    @BeforeEach
    void begin() throws Exception {
        threadIo.start();
        gogo.addCommand("pod", new PodCommands(agent), "list");
        gogo.addCommand("pod", new PodCommands(agent), "describe");
        gogo.addCommand("pod", new PodCommands(agent), "logs");
        gogo.addCommand("pod", new PodCommands(agent), "move");
        gogo.addCommand("pod", new PodCommands(agent), "condition");
        gogo.addCommand("source", new SourceCommands(agent), "list");
        gogo.addCommand("manifest", new ManifestCommands(agent), "validate");
        gogo.addCommand("runtime", new RuntimeCommands(agent), "list");
        gogo.addCommand("runtime", new RuntimeCommands(agent), "forget");
        gogo.addCommand("test", waiter, "forever");
        gogo.addCommand("test", waiter, "say");
        gogo.addCommand("test", waiter, "work");
        agent.statuses = Views.statuses(view("web-node1", podStatus(Phase.Running, List.of(),
                status("web", RUNNING))));
        path = temp.resolve("run/shell.sock");
        open();
    }

    @AfterEach
    void end() {
        sockets.forEach(ControlSocket::close);
        gogo.stop();
        threadIo.stop();
    }

    @Test
    void a_command_gives_its_output_and_exit_code() throws Exception {
        assertThat(run("pod:list")).satisfies(answer -> {
            assertThat(answer.out()).startsWith("NAMESPACE   NAME").contains("web-node1   1/1     Running");
            assertThat(answer.err()).isEmpty();
            assertThat(answer.code()).isZero();
        });
        assertThat(run("list", "-o", "json").out()).startsWith("{").contains("PodList");
    }

    @Test
    void options_may_stand_before_and_after_the_name() throws Exception {
        assertThat(run("pod:describe", "-o", "json", "web").out()).contains("\"kind\": \"Pod\"");
        assertThat(run("pod:describe", "web", "-o", "json").out()).contains("\"kind\": \"Pod\"");
    }

    @Test
    void a_failing_command_is_one_line_on_the_error_stream_and_exit_code_1() throws Exception {
        assertThat(run("pod:describe", "wbe")).isEqualTo(
                new Answer("", "pod:describe: no pod named 'wbe'; did you mean 'web-node1'?\n", 1));
        assertThat(run("pod:lst")).isEqualTo(
                new Answer("", "no such command: pod:lst; did you mean pod:list?\n", 1));
        assertThat(run("pod:list", "-x").err()).startsWith("pod:list: no option '-x'; usage: pod:list [-n");
        assertThat(run("pod:list", "-o").err()).startsWith("pod:list: these arguments do not fit; see: help pod:list");
        assertThat(run("pod:list", "-o", "xml").err()).isEqualTo(
                "pod:list: no output format 'xml'; there are json and wide\n");
        assertThat(run("pod:describe").err()).startsWith("pod:describe: which pod? usage: pod:describe NAME");
        assertThat(run("pod:logs", "web").err()).startsWith("pod:logs: container web of default/web-node1 has not");
    }

    @Test // G2
    void logs_are_printed_with_their_times_and_since_a_while_ago() throws Exception {
        Path log = Files.writeString(temp.resolve("0.log"),
                "2026-05-01T12:00:00Z stdout F old\n" + Instant.now() + " stdout F new\n");
        agent.statuses = Views.statuses(view("web-node1", podStatus(Phase.Running, List.of(),
                Views.logging("web", RUNNING, 0, log.toString()))));
        assertThat(run("pod:logs", "web").out()).isEqualTo("old\nnew\n");
        assertThat(run("pod:logs", "web", "--since", "1h").out()).isEqualTo("new\n");
        assertThat(run("pod:logs", "web", "--timestamps").out()).startsWith("2026-05-01T12:00:00.000000000Z old\n");
        assertThat(run("pod:logs", "web", "--since", "soon").err())
                .isEqualTo("pod:logs: --since needs an age such as 30s, 10m or 2h, not 'soon'\n");
        assertThat(run("pod:logs", "web", "-p").err())
                .isEqualTo("pod:logs: there is no log of an earlier container web of default/web-node1\n");
    }

    @Test
    void a_missing_service_is_named() throws Exception {
        agent.statuses = null;
        assertThat(run("pod:list").err()).isEqualTo(
                "pod:list: the reconciler is not running (bundle io.holdfast.reconciler)\n");
        assertThat(run("source:list").err()).isEqualTo(
                "source:list: the manifest reader is not running (bundle io.holdfast.manifest)\n");
        assertThat(run("manifest:validate", "x").err()).isEqualTo(
                "manifest:validate: the manifest reader is not running (bundle io.holdfast.manifest)\n");
        assertThat(run("runtime:list").out()).startsWith("No container runtimes");
    }

    @Test
    void names_are_relative_to_the_directory_of_the_client() throws Exception {
        agent.check = (files, options) -> new ManifestCheck.Report(files + " " + options + "\n", ManifestCheck.GOOD);
        try (Frames client = connect()) {
            client.send(Frames.HERE, "/srv/somewhere else".getBytes(UTF_8));
            client.sendWords(List.of("validate", "--diff", "web.yaml", "dir", "-o", "json"));
            assertThat(answer(client)).isEqualTo(new Answer("[web.yaml, dir] Options[directory=/srv/somewhere else,"
                    + " node=, diff=true, json=true]\n", "", 0));
        }
        assertThat(run("validate", "--node", "n", "x").out()).as("a client that does not say where it is")
                .isEqualTo("[x] Options[directory=" + Path.of("").toAbsolutePath() + ", node=n, diff=false, json=false]\n");
    }

    @Test
    void cd_changes_what_names_are_relative_to() throws Exception {
        Path deep = Files.createDirectories(temp.resolve("a/b"));
        Files.createFile(deep.resolve("x.yaml"));
        gogo.addCommand("felix", new org.apache.felix.gogo.command.Files(null), "cd");
        agent.check = (files, options) -> new ManifestCheck.Report(files + " in " + options.directory() + "\n",
                ManifestCheck.GOOD);
        try (Frames client = connect()) {
            client.send(Frames.HERE, temp.resolve("a").toString().getBytes(UTF_8));
            client.send(Frames.SHELL);
            client.send(Frames.INPUT, "cd b\nvalidate *.yaml\n".getBytes(UTF_8));
            client.send(Frames.END);
            assertThat(answer(client).out()).endsWith("[x.yaml] in " + deep + "\n");
        }
    }

    @Test
    void a_directory_whose_name_cannot_be_read_here_is_no_hindrance() throws Exception {
        try (Frames client = connect()) {
            client.send(Frames.HERE, "/a\0b".getBytes(UTF_8));
            client.sendWords(List.of("test:say", "x"));
            assertThat(answer(client).out()).isEqualTo("[x]\n");
        }
    }

    @Test
    void in_such_a_directory_only_whole_names_are_checked() throws Exception {
        agent.check = (files, options) -> new ManifestCheck.Report(files + "\n", ManifestCheck.GOOD);
        for (String file : List.of("web.yaml", "/srv/web.yaml")) {
            try (Frames client = connect()) {
                client.send(Frames.HERE, "/a\0b".getBytes(UTF_8));
                client.sendWords(List.of("validate", file));
                assertThat(answer(client)).isEqualTo(file.startsWith("/") ? new Answer("[/srv/web.yaml]\n", "", 0)
                        : new Answer("", "manifest:validate: the agent's character set does not have the name of the"
                                + " directory you are in; name files from the root, or start the agent with"
                                + " LC_ALL=C.UTF-8\n", 2));
            }
        }
    }

    @Test
    void a_command_may_say_what_is_wrong_on_its_output_and_give_an_exit_code() throws Exception {
        agent.check = (_, _) -> new ManifestCheck.Report("x.yaml: cannot be read\n", ManifestCheck.UNREADABLE);
        assertThat(run("validate", "x.yaml")).isEqualTo(new Answer("x.yaml: cannot be read\n", "", 2));
        agent.check = (_, _) -> {
            throw new IllegalArgumentException("no input '-'");
        };
        assertThat(run("validate", "-")).isEqualTo(new Answer("", "manifest:validate: no input '-'\n", 2));
    }

    @Test
    void a_wrong_use_of_validate_does_not_pass_for_a_problem_of_the_manifests() throws Exception {
        for (String[] words : List.of(new String[] {"validate"}, new String[] {"validate", "--dif", "x"},
                new String[] {"validate", "x", "-o", "xml"}, new String[] {"validate", "x"})) {
            assertThat(run(words).code()).as(String.join(" ", words)).isEqualTo(ManifestCheck.UNREADABLE);
        }
        assertThat(run("manifest:validate").err()).startsWith("manifest:validate: which files? usage: manifest:validate");
        assertThat(run("validate", "--dif", "x").err()).startsWith("manifest:validate: no option '--dif'; usage: ");
        agent.check = (_, _) -> {
            throw new UncheckedIOException(new IOException("what is in force cannot be read"));
        };
        assertThat(run("validate", "x").code()).isEqualTo(ManifestCheck.UNREADABLE);
    }

    @Test
    void words_arrive_as_they_were_given() throws Exception {
        assertThat(run("test:say", "a b", "it's", "$x | ; {y} (z) [w]", "\"q\" \\n", "#c", "=", "", "007", "~", "*"))
                .isEqualTo(new Answer("[a b, it's, $x | ; {y} (z) [w], \"q\" \\n, #c, =, , 007, ~, *]\n", "10\n", 0));
    }

    @Test
    void one_word_alone_is_a_line_of_gogo() throws Exception {
        assertThat(run("test:say a; test:say b c").out()).isEqualTo("[a]\n[b, c]\n");
    }

    @Test
    void a_session_reads_lines_until_there_are_no_more_and_failures_do_not_end_it() throws Exception {
        try (Frames client = connect()) {
            client.send(Frames.SHELL, "> ".getBytes(UTF_8));
            client.send(Frames.INPUT, "x = 5\ntest:say $x\nnonsense\n".getBytes(UTF_8));
            client.send(Frames.INPUT, "test:say la".getBytes(UTF_8));
            client.send(Frames.INPUT, "st".getBytes(UTF_8));
            client.send(Frames.END);
            assertThat(answer(client)).isEqualTo(
                    new Answer("> 5\n> [5]\n> > [last]\n> ", "1\nno such command: nonsense; see: help\n1\n", 0));
        }
    }

    @Test
    void exit_ends_a_session() throws Exception {
        try (Frames client = connect()) {
            client.send(Frames.SHELL);
            client.send(Frames.INPUT, "exit\n".getBytes(UTF_8));
            assertThat(answer(client)).isEqualTo(new Answer("", "", 0));
        }
    }

    /** Knows the runtimes cri and docker. */
    private static final class Moves implements PodRuntimes {

        private final List<String> asked = new ArrayList<>();

        @Override
        public Optional<String> byDefault() {
            return Optional.of("cri");
        }

        @Override
        public void move(PodName pod, String runtime) {
            if (!runtime.equals("docker")) {
                throw new IllegalArgumentException("no runtime '" + runtime + "' is there");
            }
            asked.add(pod + " to " + runtime);
        }

        @Override
        public void forget(String runtime) {
            throw new IllegalArgumentException("runtime '" + runtime + "' is there");
        }
    }

    @Test
    void a_pod_is_moved_by_a_command() throws Exception {
        assertThat(run("pod:move", "web", "docker").err()).startsWith("pod:move: the reconciler is not running");
        Moves moves = new Moves();
        agent.podRuntimes = moves;
        assertThat(run("pod:move", "web", "docker").out())
                .isEqualTo("default/web-node1 moves to docker as soon as its images are there; see pod:describe web-node1\n");
        assertThat(moves.asked).containsExactly("default/web-node1 to docker");
        assertThat(run("pod:move", "web", "podman").err()).isEqualTo("pod:move: no runtime 'podman' is there\n");
        assertThat(run("pod:move", "wbe", "docker").err()).startsWith("pod:move: no pod named 'wbe'; did you mean");
        assertThat(run("pod:move", "web").err()).isEqualTo("pod:move: which pod, and where to? usage: pod:move NAME RUNTIME\n");
        assertThat(run("runtime:forget", "cri").err()).isEqualTo("runtime:forget: runtime 'cri' is there\n");
    }

    @Test
    void a_readiness_gate_is_opened_and_closed_by_a_command() throws Exception {
        assertThat(run("pod:condition", "web", "example.com/warm", "true").err()).startsWith("pod:condition: the reconciler");
        List<String> said = new ArrayList<>();
        agent.podGates = (pod, type, holds, reason, message) -> {
            if (!type.equals("example.com/warm")) {
                throw new IllegalArgumentException("pod " + pod + " has no readiness gate '" + type + "'");
            }
            said.add(pod + " " + type + " " + holds + " '" + reason + "' '" + message + "'");
        };
        assertThat(run("pod:condition", "web", "example.com/warm", "True").out())
                .isEqualTo("example.com/warm of default/web-node1 is true from now on\n");
        assertThat(run("pod:condition", "web", "example.com/warm", "false", "Cold", "it must warm up").code()).isZero();
        assertThat(said).containsExactly("default/web-node1 example.com/warm true '' ''",
                "default/web-node1 example.com/warm false 'Cold' 'it must warm up'");
        assertThat(run("pod:condition", "web", "example.com/cold", "true").err())
                .isEqualTo("pod:condition: pod default/web-node1 has no readiness gate 'example.com/cold'\n");
        assertThat(run("pod:condition", "web", "example.com/warm", "yes").err()).isEqualTo("pod:condition: expected true"
                + " or false, found 'yes'; usage: pod:condition NAME TYPE true|false [REASON [MESSAGE]]\n");
        assertThat(run("pod:condition", "web", "example.com/warm").err()).startsWith(
                "pod:condition: which pod, which condition, and is it true or false? usage: pod:condition NAME");
        assertThat(run("pod:condition", "web", "example.com/warm", "true", "A", "b", "c").err())
                .startsWith("pod:condition: 'c' is one argument too many");
        assertThat(said).hasSize(2);
    }

    @Test
    void a_client_that_goes_away_takes_its_command_with_it() throws Exception {
        try (Frames client = connect()) {
            client.sendWords(List.of("test:forever"));
            waiter.await("waits");
        }
        waiter.await("interrupted");
    }

    @Test
    void closing_interrupts_what_runs_and_removes_the_socket() throws Exception {
        try (Frames client = connect()) {
            client.sendWords(List.of("test:forever"));
            waiter.await("waits");
            sockets.getFirst().close();
            waiter.await("interrupted");
            assertThat(path).doesNotExist();
        }
    }

    @Test
    void what_runs_may_end_its_work_before_the_shell_or_its_client_goes() throws Exception { // an update, say
        try (Frames client = connect()) {
            client.sendWords(List.of("test:work"));
            waiter.await("works");
        }
        waiter.await("done");
        try (Frames client = connect()) {
            client.sendWords(List.of("test:work"));
            waiter.await("works");
            sockets.getFirst().close();
            assertThat(waiter.state.value()).isEqualTo("done");
        }
    }

    @Test
    void when_the_agent_stops_nothing_is_waited_for() throws Exception {
        systemState = Bundle.STOPPING;
        try (Frames client = connect()) {
            client.sendWords(List.of("test:work"));
            waiter.await("works");
            sockets.getFirst().close();
            waiter.await("interrupted");
        }
    }

    @Test
    void a_command_that_stops_this_very_bundle_is_not_interrupted() throws Exception {
        gogo.addCommand("test", new Stopper(sockets.getFirst()), "quit");
        assertThat(run("test:quit")).isEqualTo(new Answer("stopped\n", "", 0));
        assertThat(path).doesNotExist();
    }

    @Test
    void nobody_else_can_connect() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
                .isEqualTo("rwx------");
        try (var files = Files.list(path.getParent())) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void a_socket_that_nobody_answers_on_is_replaced_and_one_that_is_answered_is_left_alone() throws Exception {
        ControlSocket second = new ControlSocket(gogo, config(), context(), Map.of());
        assertThat(run("test:say").code()).isZero();
        second.close();
        assertThat(run("test:say").code()).as("the first one still answers").isZero();
        sockets.getFirst().close();
        Files.writeString(path, "stale");
        open();
        assertThat(run("test:say").code()).isZero();
    }

    private void open() throws Exception {
        sockets.add(new ControlSocket(gogo, config(), context(), Map.of()));
        run("test:say");
    }

    private Answer run(String... words) throws Exception {
        try (Frames client = connect()) {
            client.sendWords(List.of(words));
            return answer(client);
        }
    }

    private Frames connect() throws Exception {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            try {
                return new Frames(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    private static Answer answer(Frames client) throws IOException {
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        while (true) {
            Frames.Frame frame = client.receive().orElseThrow();
            switch (frame.kind()) {
                case Frames.OUT -> out.append(frame.text());
                case Frames.ERR -> err.append(frame.text());
                default -> {
                    return new Answer(out.toString(), err.toString(), frame.content()[0]);
                }
            }
        }
    }

    private ControlSocket.Config config() {
        return (ControlSocket.Config) Proxy.newProxyInstance(ControlSocket.class.getClassLoader(),
                new Class<?>[] {ControlSocket.Config.class}, (_, _, _) -> path.toString());
    }

    private BundleContext context() {
        Object system = Proxy.newProxyInstance(Bundle.class.getClassLoader(), new Class<?>[] {Bundle.class},
                (_, _, _) -> systemState);
        return (BundleContext) Proxy.newProxyInstance(BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class}, (_, method, _) -> method.getName().equals("getBundle") ? system : null);
    }
}

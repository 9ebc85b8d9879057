package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code kubectl logs} of a mirror: through the API server, which asks this node at its own port (behaviour M7). */
class KubectlLogsIT {

    private static final String POD = "talks-" + Agent.NODE;

    /** Fails once; then says a line, and one more as soon as it may. */
    private static final String SCRIPT = "if [ ! -e /data/ran ]; then touch /data/ran; echo before; exit 1; fi; "
            + "trap 'exit 0' TERM; echo first; while [ ! -e /data/go ]; do sleep 0.1; done; echo second; "
            + "while :; do sleep 3600 & wait; done";

    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    @RegisterExtension
    final Lab lab = new Lab();

    private Path data;

    @BeforeEach
    void talkingPod() throws Exception {
        lab.agent().configureNode("ip=127.0.0.1");
        lab.agent().config("io.holdfast.mirror", "kubeconfig=" + SERVER.file("node.kubeconfig"));
        lab.agent().config("io.holdfast.endpoint", SERVER.endpoint());
        data = Files.createDirectories(lab.directory().resolve("data"));
        lab.agent().start().manifest("talks.yaml", Pods.withVolume("talks", SCRIPT, data));
        soon(() -> assertThat(logs().out()).isEqualTo("first\n"));
    }

    @Test
    void kubectlShowsWhatWasAskedFor() throws Exception {
        Files.createFile(data.resolve("go"));
        soon(() -> assertThat(logs("--tail=1").out()).isEqualTo("second\n"));
        assertThat(logs("-c", "main", "--since=1h").out()).isEqualTo("first\nsecond\n");
        assertThat(logs("--timestamps").out()).matches("(20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z (first|second)\n){2}");
        assertThat(logs("--previous").out()).isEqualTo("before\n");
        assertThat(logs("--limit-bytes=3").out()).isEqualTo("fir");
        assertThat(logs("-c", "nobody").err()).contains("container nobody is not valid for pod " + POD);
    }

    @Test
    void aFollowerSeesWhatComesUntilThePodIsGone() throws Exception {
        Path followed = lab.directory().resolve("followed");
        Process follower = new ProcessBuilder("kubectl", "--kubeconfig", SERVER.file("admin.kubeconfig").toString(), "logs",
                "-f", POD).redirectErrorStream(true).redirectOutput(followed.toFile()).start();
        try {
            soon(() -> assertThat(followed).hasContent("first\n"));
            Files.createFile(data.resolve("go"));
            soon(() -> assertThat(followed).hasContent("first\nsecond\n"));
            lab.agent().remove("talks.yaml");
            assertThat(follower.waitFor(30, TimeUnit.SECONDS)).as("ended with the pod").isTrue();
            assertThat(follower.exitValue()).isZero();
        } finally {
            follower.destroyForcibly();
        }
    }

    @Test
    void theApiServerItselfSaysWhoMayAsk() throws Exception {
        lab.agent().config("io.holdfast.endpoint", SERVER.endpoint("allow.groups="));
        soon(() -> assertThat(logs().out()).isEqualTo("first\n")); // by a SubjectAccessReview: system:masters may
        assertThat(SERVER.requests(r -> r.by(Agent.NODE) && r.resource().equals("subjectaccessreviews"))).isNotEmpty();
        assertThat(SERVER.kubectl(SERVER.file("nobody.kubeconfig"), "", "logs", POD).err()).contains("Forbidden");
    }

    private Agent.Output logs(String... options) throws IOException, InterruptedException {
        String[] words = new String[options.length + 2];
        words[0] = "logs";
        words[1] = POD;
        System.arraycopy(options, 0, words, 2, options.length);
        return SERVER.kubectl(words);
    }
}

package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Manifests over HTTP, from a real server to the real engine. */
@Tag("long")
class HttpIT {

    private static final String SOURCE = "io.holdfast.source.http~fleet";
    private static final String NOTHING = "apiVersion: v1\nkind: List\nitems: []\n";
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("holdfast.outage.seconds", 300));
    /** The period and what jitter adds to it. */
    private static final Duration NEXT_POLL = Duration.ofSeconds(35);

    @RegisterExtension
    final Lab lab = new Lab();

    @Test
    void podsComeChangeAndGoWithWhatTheServerSays() throws Exception { // H1, H2, H3
        try (ManifestServer server = new ManifestServer(Pods.sleeper("one") + "---\n" + Pods.sleeper("two"))) {
            lab.agent().config(SOURCE, "url=" + server.url(), "long.poll=30");
            lab.agent().start();
            String one = lab.running("one").id();
            String two = lab.running("two").id();
            server.set(Pods.sleeper("one") + "---\n" + Pods.shell("two", "sleep 7777"));
            soon(() -> assertThat(lab.running("two").id()).isNotEqualTo(two));
            server.set(Pods.shell("two", "sleep 7777").replace("image:", "imagine:") + "---\n" + Pods.sleeper("one"));
            soon(() -> assertThat(errors()).contains("/pods.yaml:", "imagine", "the running pod default/two-node1"));
            assertThat(lab.running("one").id()).isEqualTo(one);
            server.set(NOTHING);
            lab.gone("one");
            lab.gone("two");
        }
    }

    @Test
    void whateverElseAServerSaysRemovesNothing() throws Exception { // H3
        try (ManifestServer server = new ManifestServer(Pods.sleeper("one"))) {
            lab.agent().config(SOURCE, "url=" + server.url(), "period=1");
            lab.agent().start();
            String one = lab.running("one").id();
            for (int status : List.of(404, 500, 503, 204)) {
                server.set(status, "text/plain", status == 204 ? "" : "not now");
                soon(() -> assertThat(errors()).contains("the server answered " + status));
            }
            server.set("");
            soon(() -> assertThat(errors()).contains("the answer is empty; to remove all pods"));
            server.set(200, "text/html", "<html><body>Please log in</body></html>");
            soon(() -> assertThat(errors()).contains("an HTML page"));
            server.set("just: text");
            soon(() -> assertThat(errors()).contains("the running pod default/one-node1 stays as it was"));
            assertThat(lab.running("one").id()).isEqualTo(one);
            server.set(Pods.sleeper("one"));
            soon(() -> assertThat(errors()).isEqualTo("No errors.\n"));
            assertThat(lab.running("one").id()).isEqualTo(one);
        }
    }

    /** Minutes without the server: the agent restarts, the node reboots, a process dies, and the pods are there. */
    @Test
    void podsDoNotNeedTheServer() throws Exception { // H5, H8
        int port;
        try (ManifestServer server = new ManifestServer(Pods.sleeper("one") + "---\n" + Pods.sleeper("two"))) {
            port = server.port();
            lab.agent().config(SOURCE, "url=" + server.url());
            lab.agent().start();
            lab.running("two");
        }
        long back = System.nanoTime() + OUTAGE.toNanos();
        String one = lab.running("one").id();

        lab.agent().stop();
        lab.agent().start();
        soon(() -> assertThat(errors()).contains("http~fleet", "cannot connect"));
        assertThat(lab.running("one").id()).isEqualTo(one);
        assertThat(lab.agent().pod("one-node1").at("/holdfast/held").asText()).contains("has not reported yet");

        lab.agent().stop();
        lab.engine().sweep(); // as a reboot does
        lab.agent().start();
        String two = lab.running("two").id();
        String started = lab.running("one").id();
        assertThat(started).isNotEqualTo(one);
        lab.engine().kill(started);
        soon(() -> assertThat(lab.running("one").id()).isNotEqualTo(started));

        await().pollInterval(Duration.ofSeconds(1)).atMost(OUTAGE.plusSeconds(5)).until(() -> System.nanoTime() > back);
        assertThat(lab.running("two").id()).isEqualTo(two);
        String log = lab.agent().log(); // of this agent: from the last words of the one before
        assertThat(log.substring(log.lastIndexOf("the pods run on"))).containsOnlyOnce("source http~fleet fails, retrying");
        try (ManifestServer _ = new ManifestServer(Pods.sleeper("two") + "---\n" + Pods.sleeper("three"), port)) {
            await().atMost(NEXT_POLL).until(() -> lab.engine().running("three-node1").size() == 1);
            lab.gone("one");
            assertThat(lab.running("two").id()).isEqualTo(two);
            assertThat(lab.agent().log()).contains("source http~fleet works again after ");
        }
    }

    private String errors() throws Exception {
        return lab.agent().cli("source:errors").out();
    }
}

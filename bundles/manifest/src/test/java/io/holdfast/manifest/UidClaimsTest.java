package io.holdfast.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import io.holdfast.pod.PodName;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Manifest;

/** Manifests that give UIDs of their own. */
class UidClaimsTest {

    private static final Instant FIRST = Instant.parse("2026-01-02T03:04:05Z");

    private Instant now = FIRST;
    private Known known = Known.EMPTY;
    private final Map<String, Map<String, Origin>> origins = new HashMap<>();

    /** Pairs of origin and text. */
    private void report(String source, String... originsAndTexts) {
        List<Manifest> manifests = new ArrayList<>();
        for (int i = 0; i < originsAndTexts.length; i += 2) {
            manifests.add(new Manifest.Text(originsAndTexts[i], originsAndTexts[i + 1].getBytes(UTF_8)));
        }
        OriginReader reader = new OriginReader(source, ThisNode.named("node1"), known.desired().pods()::get,
                InstantSource.fixed(now));
        Map<String, Origin> read = reader.read(manifests, origins.getOrDefault(source, Map.of()));
        origins.put(source, read);
        known = known.with(SourceState.restored(source, Map.of()).read(read, now));
    }

    private static String pod(String name, String uid, String image) {
        return ManifestsTest.pod(name, image).replace("name: " + name, "name: " + name + ", uid: " + uid);
    }

    private static String pod(String name, String uid) {
        return pod(name, uid, "busybox");
    }

    private DesiredPod find(String name) {
        return Objects.requireNonNull(known.desired().pods().get(new PodName("default", name + "-node1")), name);
    }

    private List<String> pods() {
        return known.desired().pods().values().stream().map(p -> p.name().name() + "=" + p.uid()).sorted().toList();
    }

    private List<String> refused() {
        return known.duplicates().stream().map(d -> d.source() + " " + d.problem().text()).toList();
    }

    @Test
    void anEditThatKeepsItsUidIsANewEdition() { // S3
        report("file~main", "web.yaml", pod("web", "one"));
        DesiredPod before = find("web");
        now = FIRST.plusSeconds(9);
        report("file~main", "web.yaml", pod("web", "one", "nginx"));
        assertThat(find("web").uid()).isEqualTo(before.uid());
        assertThat(Identity.edition(find("web"))).isNotEqualTo(Identity.edition(before));
        assertThat(find("web").seen()).isEqualTo(now);
        assertThat(refused()).isEmpty();
    }

    @Test
    void ofTwoPodsWithOneUidTheOneInForceStays() { // S5
        report("file~main", "web.yaml", pod("web", "one"));
        DesiredPod web = find("web");
        report("file~main", "web.yaml", pod("web", "one"), "api.yaml", pod("api", "one"));
        assertThat(pods()).containsExactly("web-node1=one");
        assertThat(find("web")).isSameAs(web);
        assertThat(refused()).containsExactly("file~main api.yaml metadata.uid: 'one' is already the UID of pod"
                + " default/web-node1, defined by web.yaml; this one is not run until the other is gone");
        report("file~main", "api.yaml", pod("api", "one"));
        assertThat(pods()).containsExactly("api-node1=one");
        assertThat(refused()).isEmpty();
    }

    @Test
    void ofTwoThatComeAtOnceTheFirstInOrderIsTaken() { // S5
        report("file~main", "b.yaml", pod("web", "one"), "a.yaml", pod("api", "one"));
        assertThat(pods()).containsExactly("api-node1=one");
    }

    @Test
    void aUidIsOnePodsAcrossSources() { // S5
        report("http~fleet", "https://x/pods#1", pod("web", "one"));
        report("file~main", "a.yaml", pod("api", "one"));
        assertThat(pods()).containsExactly("web-node1=one");
        assertThat(refused()).containsExactly("file~main a.yaml metadata.uid: 'one' is already the UID of pod"
                + " default/web-node1, defined by https://x/pods#1 of source http~fleet;"
                + " this one is not run until the other is gone");
    }

    @Test
    void anEditThatTakesAnotherPodsUidLeavesItsPodAsItWas() {
        report("file~main", "web.yaml", pod("web", "one"), "api.yaml", pod("api", "two"));
        DesiredPod before = find("api");
        report("file~main", "web.yaml", pod("web", "one"), "api.yaml", pod("api", "one", "nginx"));
        assertThat(find("api").pod()).isEqualTo(before.pod());
        assertThat(find("api").held()).isEqualTo("api.yaml has errors");
        assertThat(find("api").problems().getFirst().text()).isEqualTo("api.yaml metadata.uid: 'one' is already the UID"
                + " of pod default/web-node1, defined by web.yaml; the running pod default/api-node1 stays as it was");
        assertThat(refused()).hasSize(1);

        DesiredPod kept = find("api");
        report("http~fleet", "https://x/pods#1", ManifestsTest.pod("db"));
        assertThat(find("api")).isSameAs(kept);
        report("file~main", "api.yaml", pod("api", "one", "nginx"));
        assertThat(pods()).contains("api-node1=one").doesNotContain("web-node1=one");
        assertThat(find("api").held()).isNull();
    }

    @Test
    void whatAnEditFallsBackToIsNotGivenToANewcomer() {
        report("file~main", "web.yaml", pod("web", "one"), "api.yaml", pod("api", "two"));
        report("file~main", "web.yaml", pod("web", "one"), "api.yaml", pod("api", "one"), "a.yaml", pod("db", "two"));
        assertThat(pods()).containsExactly("api-node1=two", "web-node1=one");
        assertThat(refused()).hasSize(2);
    }

    @Test
    void twoPodsMaySwapTheirUids() {
        report("file~main", "web.yaml", pod("web", "one"), "api.yaml", pod("api", "two"));
        report("file~main", "web.yaml", pod("web", "two"), "api.yaml", pod("api", "one"));
        assertThat(pods()).containsExactly("api-node1=one", "web-node1=two");
        assertThat(refused()).isEmpty();
    }
}

package io.holdfast.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** What is known of a deletion that nobody was told of (design decision 3); with the real Config Admin: HotSwapIT. */
class DeletedConfigurationsTest {

    private static final String PID = "io.holdfast.source.file~main";

    @TempDir
    Path state;

    @BeforeEach
    @AfterEach
    void leaveNothingBehind() {
        System.clearProperty("io.holdfast.manifest.configured");
    }

    @Test
    void whatWasDeletedMeanwhileIsWithdrawn() throws Exception {
        assertThat(podsAfterAnAbsence(Set.of(PID), 1)).isZero();
    }

    @Test
    void whatIsStillConfiguredIsHeld() throws Exception {
        assertThat(podsAfterAnAbsence(Set.of(PID), 1, PID)).isOne();
    }

    @Test
    void aConfigAdminThatIsAnotherOneByThenIsNotBelieved() throws Exception {
        assertThat(podsAfterAnAbsence(Set.of(PID), 2)).isOne();
    }

    @Test
    void aSourceThatNeverHadAConfigurationIsHeld() throws Exception { // one that says a PID of its own accord
        assertThat(podsAfterAnAbsence(Set.of(), 1)).isOne();
    }

    /** @param id of the Config Admin that is there afterwards, where 1 was before */
    private int podsAfterAnAbsence(Set<String> configured, long id, String... configuredThen) throws Exception {
        Manifests before = manifests();
        FakeSource main = new FakeSource("file~main").reports("web.yaml", ManifestsTest.pod("web"));
        before.addSource(main, main.properties());
        for (long version = 0; before.current().value().pods().isEmpty();) {
            version = before.after(version).version();
        }
        new DeletedConfigurations(before, admin(configured), Map.of("service.id", 1L)).close();
        before.close();
        Manifests after = manifests();
        try {
            after.awaitRestored();
            assertThat(after.current().value().pods()).hasSize(1);
            new DeletedConfigurations(after, admin(Set.of(configuredThen)), Map.of("service.id", id));
            return after.current().value().pods().size();
        } finally {
            after.close();
        }
    }

    private Manifests manifests() {
        return new Manifests(new ManifestsTest.TestNode(state), state.resolve("memory"), Clock.systemUTC());
    }

    /** Knows of these configurations, and of nothing else. */
    private static ConfigurationAdmin admin(Set<String> pids) {
        Configuration[] all = pids.stream().map(pid -> proxy(Configuration.class, "getPid", pid))
                .toArray(Configuration[]::new);
        return proxy(ConfigurationAdmin.class, "listConfigurations", all.length == 0 ? null : all);
    }

    private static <T> T proxy(Class<T> type, String method, @Nullable Object answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (_, called, _) -> {
            assertThat(called.getName()).isEqualTo(method);
            return answer;
        }));
    }
}

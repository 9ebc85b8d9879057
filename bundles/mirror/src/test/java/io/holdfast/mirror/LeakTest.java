package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.kit.testing.Certificates;
import io.holdfast.kit.testing.Certificates.Pair;

/** What a bundle that is updated leaves behind. */
@Timeout(60)
final class LeakTest {

    @TempDir
    Path temp;

    /** Loaded again for each edition of the bundle. */
    static final class Edition implements Runnable {

        /** To compare the times of files is to leave with the JDK what it gives up only when memory is short. */
        private static final Duration NEVER = Duration.ofHours(1);

        private final String kubeconfig = System.getProperty("holdfast.test.kubeconfig", "");

        @Override
        public void run() {
            try (HttpApi api = new Home(Path.of(kubeconfig)).open(NEVER)) {
                api.get("/x");
                Thread watching = Thread.ofVirtual().start(() -> watch(api));
                api.create("/x", Trees.MAPPER.createObjectNode());
                watching.interrupt();
                watching.join(Duration.ofSeconds(10));
            } catch (ApiFailure | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private static void watch(HttpApi api) {
            try {
                api.watch("/watch", _ -> { });
            } catch (ApiFailure | InterruptedException _) {
                // told to end
            }
        }
    }

    @Test
    void an_edition_that_was_ended_is_garbage() throws Exception {
        Certificates certificates = new Certificates(temp);
        Pair authority = certificates.authority("authority");
        Pair server = certificates.signed("server", authority, "IP:127.0.0.1");
        try (Site site = Site.open(certificates.server(server, authority))) {
            Home home = new Home(temp);
            home.script("plugin", """
                    echo '{"apiVersion": "client.authentication.k8s.io/v1", "status": {"token": "t"}}'
                    """);
            home.kubeconfig("server: '" + site.url() + "', certificate-authority: authority.crt",
                    "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}");
            System.setProperty("holdfast.test.kubeconfig", temp.toString());
            WeakReference<ClassLoader> edition = run();
            assertThat(site.last().header("Authorization")).isEqualTo("Bearer t");
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (edition.get() != null && System.nanoTime() < deadline) {
                System.gc();
                Thread.sleep(Duration.ofMillis(50));
            }
            assertThat(edition.get()).isNull();
        } finally {
            System.clearProperty("holdfast.test.kubeconfig");
        }
    }

    /** In a method of its own, so that nothing of it stays on the stack. */
    private static WeakReference<ClassLoader> run() throws Exception {
        URL[] all = Arrays.stream(System.getProperty("java.class.path").split(":")).map(Path::of).map(LeakTest::url)
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(all, ClassLoader.getPlatformClassLoader())) {
            var maker = loader.loadClass(Edition.class.getName()).getDeclaredConstructor();
            maker.setAccessible(true);
            ((Runnable) maker.newInstance()).run();
            return new WeakReference<>(loader);
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }
}

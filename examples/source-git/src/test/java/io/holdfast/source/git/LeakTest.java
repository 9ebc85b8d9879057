package io.holdfast.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.testkit.RecordingSink;
import io.holdfast.testkit.Watching;

/** What is left of the bundle's classes once it is gone, as after each update. */
final class LeakTest {

    @TempDir
    Path temp;

    /** One life of the bundle; loaded by the bundle's class loader. */
    public static final class Life {

        private Life() {
        }

        public static void live(Path directory, String repository) throws Exception {
            JGit git = new JGit(directory);
            RecordingSink sink = new RecordingSink();
            try (Watching _ = Watching.start(Sources.source(git, Map.of("repository", repository)), sink)) {
                sink.awaitTexts(Map.of("web.yaml", "a"));
            } finally {
                git.close();
            }
        }
    }

    /** Has the library's classes and the source's for itself, as a bundle does, and all others from the test. */
    private static final class Bundle extends URLClassLoader {

        Bundle() throws Exception {
            super(urls(), LeakTest.class.getClassLoader());
        }

        private static URL[] urls() throws Exception {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                urls.add(new File(entry).toURI().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("org.eclipse.jgit.") && !name.startsWith("io.holdfast.source.git.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }

    @Test
    void no_thread_and_no_class_of_the_library_outlives_the_bundle() throws Exception {
        Clone clone = Clone.in(temp);
        clone.put("web.yaml", "a");
        try (Server server = new Server(temp)) {
            List<WeakReference<ClassLoader>> gone = List.of(live(clone.bare().toString()), live(server.url("pods.git")));
            assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("JGit"));
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                System.gc();
                return gone.stream().allMatch(loader -> loader.get() == null);
            });
        }
    }

    private WeakReference<ClassLoader> live(String repository) throws Exception {
        try (Bundle bundle = new Bundle()) {
            Class<?> life = bundle.loadClass(Life.class.getName());
            assertThat(life).isNotSameAs(Life.class);
            life.getMethod("live", Path.class, String.class).invoke(null, temp.resolve("private"), repository);
            return new WeakReference<>(bundle);
        }
    }
}

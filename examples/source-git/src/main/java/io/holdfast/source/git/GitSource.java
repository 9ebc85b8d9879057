package io.holdfast.source.git;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.eclipse.jgit.lib.ObjectId;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.config.ConfigKeys;
import io.holdfast.source.ManifestSink;
import io.holdfast.source.ManifestSource;

/**
 * The manifests of one folder on one branch of a Git repository. Each poll asks for the branch's commit; only a new one is
 * fetched. Whatever is missing, be it the repository, the branch or the folder, is a failed reading.
 */
@Component(configurationPid = GitSource.PID, configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true)
@Designate(ocd = GitSource.Config.class, factory = true)
public final class GitSource implements ManifestSource {

    static final String PID = "io.holdfast.source.git";

    private static final Logger LOG = LoggerFactory.getLogger(GitSource.class);

    @ObjectClassDefinition(name = "Holdfast Git source")
    @interface Config {

        @AttributeDefinition(description = "A path, or a URL that begins with https, http, git or file")
        String repository();

        @AttributeDefinition(description = "Where in the repository the manifests are; without it at the top")
        String folder() default "";

        @AttributeDefinition(description = "Without it the one that the repository's HEAD names")
        String branch() default "";

        @AttributeDefinition(description = "Seconds between polls")
        int period() default 30;

        @AttributeDefinition(description = "Seconds to wait for the server to answer, or to go on")
        int timeout() default 20;

        @AttributeDefinition(description = "A file whose content is the token or password for https; read for each poll")
        String token_file() default "";

        @AttributeDefinition(description = "The user's name for https; most servers ignore it when there is a token")
        String username() default "token";
    }

    /** @param commit what the reading was made from */
    private record Last(ObjectId commit, Reading reading) {
    }

    private final Settings settings;
    private final Remote remote;
    /** The last reading and the next poll outlive a failure, after which watch is called again within a second. */
    private final Cell<Optional<Last>> last = new Cell<>(Optional.empty());
    private final Cell<Long> next = new Cell<>(System.nanoTime());

    @Activate
    public GitSource(@Reference JGit git, Config config, Map<String, Object> properties) {
        ConfigKeys.check(properties, Config.class); // first, for a misspelt key looks like a missing one
        this(git, Settings.of(config, properties));
    }

    GitSource(JGit git, Settings settings) {
        this.settings = settings;
        this.remote = new Remote(git, settings);
    }

    @Override
    public void watch(ManifestSink to) throws IOException, InterruptedException {
        while (true) {
            TimeUnit.NANOSECONDS.sleep(next.value() - System.nanoTime());
            next.set(System.nanoTime() + settings.period().toNanos());
            to.replace(Apart.run(this::read).manifests());
        }
    }

    private Reading read() throws IOException {
        ObjectId commit = remote.commit();
        Optional<Last> before = last.value();
        if (before.isEmpty() || !before.get().commit().equals(commit)) {
            long start = System.nanoTime();
            Last now = remote.fetch((repository, fetched) -> new Last(fetched, Reading.of(repository, fetched, settings,
                    before.map(Last::reading).orElse(Reading.NOTHING))));
            last.set(Optional.of(now));
            LOG.info("commit {} of {} read in {} ms manifests={}", now.commit().abbreviate(10).name(),
                    settings.repository(), Duration.ofNanos(System.nanoTime() - start).toMillis(),
                    now.reading().manifests().size());
        }
        return last.value().orElseThrow().reading();
    }
}

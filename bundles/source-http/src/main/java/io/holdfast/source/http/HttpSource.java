package io.holdfast.source.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;
import io.holdfast.source.ManifestSink;
import io.holdfast.source.ManifestSource;

/**
 * Manifests from one or several URLs, each asked at its own pace (behaviours H1 to H8). What is known of a URL, and when
 * it is asked next, outlives {@link #watch}: the core calls that again within a second, and a server that is down must
 * not be asked by every node that often.
 */
@Component(configurationPid = HttpSource.PID, configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true)
@Designate(ocd = HttpSource.Config.class, factory = true)
public final class HttpSource implements ManifestSource {

    static final String PID = "io.holdfast.source.http";

    @ObjectClassDefinition(name = "Holdfast HTTP source", description = "Beside these, header.NAME = VALUE any number")
    @interface Config {

        @AttributeDefinition(description = "One or several http or https URLs, separated by white space")
        String[] url();

        @AttributeDefinition(description = "Seconds between two polls, give or take a tenth")
        int period() default 20;

        @AttributeDefinition(description = "Seconds for a whole answer")
        int timeout() default 10;

        @AttributeDefinition(description = "Seconds for which a server may hold back its answer until there is news")
        int long_poll() default 0;

        @AttributeDefinition(description = "PEM file of whom to trust, instead of the system's", required = false)
        String ca();

        @AttributeDefinition(description = "PEM file of the client's certificate and those above it", required = false)
        String client_cert();

        @AttributeDefinition(description = "PEM file of the client's private key", required = false)
        String client_key();

        @AttributeDefinition(description = "File of a bearer token, read for each request", required = false)
        String token_file();

        @AttributeDefinition(description = "PEM file of the Ed25519 public key that manifests must be signed for",
                required = false)
        String verify_key();

        @AttributeDefinition(description = "The header that carries the signature; else it is at URL.sig", required = false)
        String signature_header();
    }

    private final List<Page> pages;
    private final Cell<Board> board;

    @Activate
    public HttpSource(Config config, Map<String, Object> properties) {
        Settings settings = Settings.read(config, properties);
        Pace pace = new Pace(settings.timing().period(), new Random());
        pages = settings.targets().stream().map(target -> new Page(target, settings, pace)).toList();
        board = new Cell<>(Board.of(pages.size()));
    }

    @Override
    public void watch(ManifestSink to) throws IOException, InterruptedException {
        board.update(Board::untried);
        try (Threads threads = new Threads()) {
            for (Page page : pages) {
                threads.start(page.origin(), () -> page.follow(said -> board.update(b -> b.with(said))));
            }
            report(to);
        }
    }

    private void report(ManifestSink to) throws IOException, InterruptedException {
        for (Cell.Versioned<Board> now = board.current();; now = board.after(now.version())) {
            if (now.value().allFailed()) {
                throw new IOException(now.value().failures());
            }
            if (now.value().isComplete()) {
                to.replace(now.value().manifests());
            }
        }
    }
}

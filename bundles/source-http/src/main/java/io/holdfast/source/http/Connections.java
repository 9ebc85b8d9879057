package io.holdfast.source.http;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/** The connections for one URL; made anew when certificates were rotated. Owned by one thread. */
final class Connections implements AutoCloseable {

    /** Watching is to end within a second. */
    private static final Duration PATIENCE = Duration.ofMillis(400);

    private record Made(TlsFiles.Content files, HttpClient client) {
    }

    private final TlsFiles files;
    private @Nullable Made made;

    Connections(TlsFiles files) {
        this.files = files;
    }

    HttpClient current() throws FailedRead {
        TlsFiles.Content now = files.read();
        Made before = made;
        if (before != null && before.files().equals(now)) {
            return before.client();
        }
        Optional<SSLContext> tls = files.context(now);
        close();
        HttpClient client = client(tls);
        made = new Made(now, client);
        return client;
    }

    @Override
    public void close() {
        if (made == null) {
            return;
        }
        made.client().shutdownNow();
        try {
            made.client().awaitTermination(PATIENCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** HTTP/1.1: one small request at a time needs no more, and no upgrade is offered that a proxy may stumble over. */
    private static HttpClient client(Optional<SSLContext> tls) {
        ThreadFactory threads = Thread.ofVirtual().name("source-http").factory();
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER).executor(task -> threads.newThread(task).start());
        tls.ifPresent(builder::sslContext);
        return builder.build();
    }
}

package io.holdfast.source.http;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.kit.tls.TlsMaterial;

/** The connections for one URL; made anew when certificates were rotated. Owned by one thread. */
final class Connections implements AutoCloseable {

    /** Watching is to end within a second. */
    private static final Duration PATIENCE = Duration.ofMillis(400);

    private record Made(TlsMaterial material, HttpClient client) {
    }

    private final TlsFiles files;
    private @Nullable Made made;

    Connections(TlsFiles files) {
        this.files = files;
    }

    HttpClient current() throws FailedRead {
        try {
            return client(files.read());
        } catch (FileTrouble e) {
            throw new FailedRead(e);
        }
    }

    private HttpClient client(TlsMaterial now) throws FileTrouble {
        Made before = made;
        if (before != null && before.material().equals(now)) {
            return before.client();
        }
        Optional<SSLContext> tls = now.context();
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

package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;

import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;

/**
 * Docker's API over its Unix socket, by docker-java's transport. Callers block on threads of their own and may be
 * interrupted, which closes the connection.
 */
final class Engine implements AutoCloseable {

    static final Duration LIMIT = Duration.ofMinutes(2);

    /** A connection that was kept would be found dead by the first call after the Engine's return; a new one is cheap. */
    private static final Map<String, String> HEADERS = Map.of("Connection", "close", "Content-Type", "application/json");

    private final Endpoint endpoint;
    private final DockerHttpClient http;
    /** Null until the Engine has said it, and again when it was away: another one may have come back. */
    private volatile @Nullable ApiVersion version;

    Engine(Endpoint endpoint) {
        this.endpoint = endpoint;
        http = new ZerodepDockerHttpClient.Builder().dockerHost(URI.create(endpoint.toString())).build();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** What the Engine has said. */
    record Answer(Endpoint endpoint, int status, Json body) {

        private static final int NO_SUCH = 404;
        private static final int CONFLICT = 409;

        /** @throws RuntimeRefused it has said no */
        Json get() {
            if (status >= 400) {
                throw Errors.refused(endpoint, body.at("message").text());
            }
            return body;
        }

        Optional<Json> ifThere() {
            return status == NO_SUCH ? Optional.empty() : Optional.of(get());
        }

        boolean noSuch() {
            return status == NO_SUCH;
        }

        boolean conflict() {
            return status == CONFLICT;
        }
    }

    Answer get(String path) throws InterruptedException {
        return call("GET", path, null, LIMIT);
    }

    Answer get(String path, Duration limit) throws InterruptedException {
        return call("GET", path, null, limit);
    }

    Answer post(String path) throws InterruptedException {
        return call("POST", path, null, LIMIT);
    }

    /** @param body as {@link Json#write} takes it */
    Answer post(String path, Object body) throws InterruptedException {
        return call("POST", path, body, LIMIT);
    }

    Answer post(String path, Duration limit) throws InterruptedException {
        return call("POST", path, null, limit);
    }

    Answer delete(String path) throws InterruptedException {
        return call("DELETE", path, null, LIMIT);
    }

    private Answer call(String method, String path, @Nullable Object body, Duration limit)
            throws InterruptedException {
        InputStream content = body == null ? null : new ByteArrayInputStream(Json.write(body));
        Answer answer = within(limit, request(method, version().prefix() + path, content, Map.of()));
        if (answer.status() == 400 && answer.body().at("message").text().startsWith("client version")) {
            version = null; // the Engine was replaced by another
            throw Errors.unreachable(endpoint, answer.body().at("message").text(), null);
        }
        return answer;
    }

    /** @throws RuntimeUnreachable also when it speaks no version of the API that is known here */
    ApiVersion version() throws InterruptedException {
        ApiVersion known = version;
        if (known != null) {
            return known;
        }
        Json said = within(LIMIT, request("GET", "/version", null, Map.of())).get();
        try {
            ApiVersion found = ApiVersion.of(said);
            found.trouble().ifPresent(why -> {
                throw Errors.unreachable(endpoint, why, null);
            });
            version = found;
            return found;
        } catch (NumberFormatException e) {
            throw Errors.unreachable(endpoint, "it does not speak Docker's API; it says that its version is "
                    + said.at("ApiVersion").text(), e);
        }
    }

    private static Request request(String method, String path, @Nullable InputStream body, Map<String, String> more) {
        return Request.builder().method(method).path(path).body(body).putAllHeaders(HEADERS).putAllHeaders(more).build();
    }

    /** On a thread that nobody waits for once the limit is reached: a socket that hangs has none of its own. */
    private Answer within(Duration limit, Request request) throws InterruptedException {
        FutureTask<Answer> answer = new FutureTask<>(() -> exchange(request, this::read));
        Thread.ofVirtual().name("docker " + request.method() + " " + request.path()).start(answer);
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw Errors.unreachable(endpoint, "no answer to " + request.method() + " " + request.path() + " in "
                    + limit.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException said ? said : new IllegalStateException(e);
        } finally {
            answer.cancel(true);
        }
    }

    private Answer read(int status, InputStream body) throws IOException {
        if (status < 400) {
            return new Answer(endpoint, status, Json.read(body));
        }
        String said = new String(body.readAllBytes(), UTF_8);
        return new Answer(endpoint, status, said.startsWith("{") ? Json.read(new ByteArrayInputStream(said.getBytes(UTF_8)))
                : new Json(Map.of("message", said.strip())));
    }

    /** Reads an answer. */
    private interface Reader<T> {
        T read(int status, InputStream body) throws IOException, InterruptedException;
    }

    /** Takes an answer that may have no end. */
    interface Taker {
        void take(InputStream body) throws IOException, InterruptedException;
    }

    /**
     * Has the answer taken as it comes, on the calling thread, until its end or an interrupt.
     *
     * @throws RuntimeUnreachable also when the connection is lost
     */
    void stream(String method, String path, @Nullable InputStream body, Map<String, String> headers, Taker taker)
            throws InterruptedException {
        exchange(request(method, version().prefix() + path, body, headers), (status, answer) -> {
            if (status >= 400) {
                return read(status, answer).get();
            }
            taker.take(answer);
            return Json.NOTHING;
        });
    }

    private <T> T exchange(Request request, Reader<T> reader) throws InterruptedException {
        try (Response response = http.execute(request)) {
            return reader.read(response.getStatusCode(), response.getBody());
        } catch (RuntimeRefused | RuntimeUnreachable e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) { // then the channel was closed, and the flag is kept
                throw new InterruptedException();
            }
            version = null;
            throw Errors.unreachable(endpoint, e);
        }
    }

    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.holdfast.mirror;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/** The API server over HTTP. Nothing is retried but what was refused for want of newer credentials. */
final class HttpApi implements Api, AutoCloseable {

    private static final Timing USUAL = new Timing(Duration.ofSeconds(30), Duration.ofSeconds(5));
    /** More than all pods of a node take. */
    private static final int MOST_BYTES = 64 * 1024 * 1024;

    /**
     * @param request for a whole answer, or the beginning of one that is endless
     * @param look between two looks at files that may have been rotated
     */
    record Timing(Duration request, Duration look) {
    }

    /**
     * @param type of the body
     * @param isEndless whether the answer is not to be waited for as a whole
     */
    private record Request(String method, String path, String type, byte[] body, boolean isEndless) {

        static Request get(String path, boolean isEndless) {
            return new Request("GET", path, "", new byte[0], isEndless);
        }

        static Request of(String method, String path, String type, JsonNode body) {
            return new Request(method, path, type, Trees.bytes(body), false);
        }
    }

    private final Connection connection;
    private final String agent;
    private final Duration timeout;

    private HttpApi(Connection connection, String agent, Duration timeout) {
        this.connection = connection;
        this.agent = agent;
        this.timeout = timeout;
    }

    /**
     * Returns at once; what is wrong with files or credentials is told by each request, until it is right.
     *
     * @param version of this agent, which the server's logs show
     */
    static HttpApi open(ConnectionSettings settings, String version) {
        return open(settings, version, USUAL);
    }

    static HttpApi open(ConnectionSettings settings, String version, Timing timing) {
        return new HttpApi(new Connection(settings, timing.look()), "holdfast/" + version, timing.request());
    }

    @Override
    public JsonNode get(String path) throws ApiFailure, InterruptedException {
        return object(Request.get(path, false));
    }

    @Override
    public JsonNode create(String path, JsonNode object) throws ApiFailure, InterruptedException {
        return object(Request.of("POST", path, "application/json", object));
    }

    @Override
    public JsonNode patch(String path, PatchType type, JsonNode patch) throws ApiFailure, InterruptedException {
        return object(Request.of("PATCH", path, type.mediaType, patch));
    }

    @Override
    public void delete(String path, JsonNode options) throws ApiFailure, InterruptedException {
        answer(connection.current(), Request.of("DELETE", path, "application/json", options));
    }

    @Override
    public void watch(String path, Consumer<JsonNode> events) throws ApiFailure, InterruptedException {
        Session session = connection.current();
        HttpResponse<InputStream> answer = answer(session, Request.get(path, true));
        new WatchStream(path, e -> reason(session, e)).read(answer.body(), events);
    }

    @Override
    public String server() {
        return connection.server();
    }

    @Override
    public void close() {
        connection.close();
    }

    private JsonNode object(Request request) throws ApiFailure, InterruptedException {
        return Answers.object(bytes(answer(connection.current(), request)));
    }

    private HttpResponse<InputStream> answer(Session session, Request request) throws ApiFailure, InterruptedException {
        HttpResponse<InputStream> answer = send(session, request);
        if (answer.statusCode() == 401) {
            Optional<Session> newer = connection.insteadOf(session);
            if (newer.isEmpty()) {
                throw unauthorized(session);
            }
            answer = send(newer.get(), request);
            if (answer.statusCode() == 401) {
                throw unauthorized(newer.get());
            }
        }
        if (answer.statusCode() / 100 == 2) {
            return answer;
        }
        throw Answers.failure(answer.statusCode(), answer.headers(), bytes(answer));
    }

    private HttpResponse<InputStream> send(Session session, Request request)
            throws ApiFailure.Unreachable, InterruptedException {
        HttpRequest.Builder built = session.request(request.path()).setHeader("User-Agent", agent)
                .setHeader("Accept", "application/json")
                .method(request.method(), request.body().length == 0 ? BodyPublishers.noBody()
                        : BodyPublishers.ofByteArray(request.body()));
        if (!request.type().isEmpty()) {
            built.setHeader("Content-Type", request.type());
        }
        Future<HttpResponse<InputStream>> answer = session.client().sendAsync(built.build(),
                info -> request.isEndless() && info.statusCode() == 200 ? BodySubscribers.ofInputStream() : whole());
        try {
            return answer.get(timeout.toNanos(), NANOSECONDS);
        } catch (ExecutionException e) {
            throw new ApiFailure.Unreachable(reason(session, Optional.ofNullable(e.getCause()).orElse(e)));
        } catch (TimeoutException _) {
            throw new ApiFailure.Unreachable("no complete answer within " + timeout.toSeconds() + " s");
        } finally {
            answer.cancel(true);
        }
    }

    private static BodySubscriber<InputStream> whole() {
        return BodySubscribers.mapping(BodySubscribers.limiting(BodySubscribers.ofByteArray(), MOST_BYTES),
                ByteArrayInputStream::new);
    }

    private static byte[] bytes(HttpResponse<InputStream> answer) {
        try (@Nullable InputStream body = answer.body()) { // a proxy's refusal has none
            return body == null ? new byte[0] : body.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it is in memory
        }
    }

    private static String reason(Session session, Throwable e) {
        return session.noAnswer().reason(e, message -> message.startsWith("Tunnel failed")
                ? Optional.of("the proxy does not let us through to the server")
                : message.startsWith("body exceeds capacity")
                        ? Optional.of("the answer is larger than " + MOST_BYTES / 1024 / 1024 + " MiB")
                        : Optional.empty());
    }

    private ApiFailure unauthorized(Session session) {
        return new ApiFailure.Refused(401, "Unauthorized",
                "the server does not accept " + session.access().identity(Instant.now())
                        + connection.trouble().map(trouble -> "; " + trouble).orElse(""), Optional.empty());
    }
}

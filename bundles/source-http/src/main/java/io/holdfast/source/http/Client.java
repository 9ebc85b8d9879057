package io.holdfast.source.http;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.kit.tls.SecretFile;
import io.holdfast.source.Manifest;
import io.holdfast.source.http.Settings.Credentials;
import io.holdfast.source.http.Settings.Timing;

/** Gets what is at a URL, by a deadline for everything from the connection to the last byte. */
final class Client {

    private static final int MOST_REDIRECTS = 5;

    private final Connections connections;
    private final Credentials credentials;
    private final Timing timing;

    Client(Connections connections, Settings settings) {
        this.connections = connections;
        this.credentials = settings.credentials();
        this.timing = settings.timing();
    }

    /**
     * @param validators of what is known; with them the server may hold its answer back
     * @throws FailedRead for any reason
     */
    Answer get(URI url, Validators validators) throws FailedRead, InterruptedException {
        Duration most = validators.isEmpty() ? timing.timeout() : timing.timeout().plus(timing.longPoll());
        long deadline = System.nanoTime() + most.toNanos();
        URI at = url;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> answer = send(request(at, url, validators), deadline, most);
            try (InputStream _ = answer.body()) {
                if (!Status.isRedirect(answer.statusCode())) {
                    return answer(at, answer, validators);
                }
                at = Status.redirected(at, answer);
            } catch (FailedRead e) {
                throw e;
            } catch (IOException e) {
                throw new FailedRead(Reasons.of(e));
            }
        }
        throw new FailedRead("redirected more than " + MOST_REDIRECTS + " times, the last time to " + Target.shown(at));
    }

    private static Answer answer(URI at, HttpResponse<InputStream> answer, Validators sent) throws IOException {
        if (answer.statusCode() == 304 && sent.areFor(at)) {
            return new Answer.NotModified(sent, answer.headers());
        }
        if (answer.statusCode() != 200) {
            throw Status.failure(answer);
        }
        return new Answer.Content(Body.of(answer), Validators.of(at, answer.headers()), answer.headers());
    }

    /** Only the configured server gets to know the secrets; where it redirects to may be anybody's. */
    private HttpRequest request(URI at, URI configured, Validators validators) throws FailedRead {
        HttpRequest.Builder request = HttpRequest.newBuilder(at).GET()
                .setHeader("User-Agent", "holdfast").setHeader("Accept-Encoding", "gzip");
        if (validators.areFor(at)) {
            validators.headers().forEach(request::setHeader);
            if (timing.longPoll().isPositive()) {
                request.setHeader("Prefer", "wait=" + timing.longPoll().toSeconds());
            }
        }
        if (Target.sameServer(at, configured)) {
            credentials.headers().forEach(request::setHeader);
            if (credentials.token().isPresent()) {
                request.setHeader("Authorization", "Bearer " + token(credentials.token().get()));
            }
        }
        return request.build();
    }

    private static String token(Path file) throws FailedRead {
        try {
            return SecretFile.token("token.file", file);
        } catch (FileTrouble e) {
            throw new FailedRead(e);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request, long deadline, Duration most)
            throws FailedRead, InterruptedException {
        Future<HttpResponse<InputStream>> answer = connections.current().sendAsync(request, Client::body);
        try {
            return answer.get(deadline - System.nanoTime(), NANOSECONDS);
        } catch (ExecutionException e) {
            throw new FailedRead(Reasons.of(Optional.ofNullable(e.getCause()).orElse(e)));
        } catch (TimeoutException _) {
            throw new FailedRead("no complete answer within " + most.toSeconds() + " s");
        } finally {
            answer.cancel(true);
        }
    }

    /** What is to be used is there as a whole, by the deadline; a page that explains an error may be endless. */
    private static BodySubscriber<InputStream> body(ResponseInfo info) {
        return switch (info.statusCode()) {
            case 200 -> BodySubscribers.mapping(
                    BodySubscribers.limiting(BodySubscribers.ofByteArray(), Manifest.Text.MAX_BYTES),
                    ByteArrayInputStream::new);
            case 304 -> BodySubscribers.replacing(InputStream.nullInputStream());
            default -> BodySubscribers.ofInputStream();
        };
    }
}

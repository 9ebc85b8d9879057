package io.holdfast.mirror;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import io.holdfast.kit.tls.NoAnswer;

/**
 * A way to the server with one edition of the credentials.
 *
 * @param number of the edition
 * @param made in {@link System#nanoTime}
 */
record Session(int number, Access access, HttpClient client, long made, Optional<Instant> expires) {

    /** @param path with its query */
    HttpRequest.Builder request(String path) {
        URI server = access.server().url();
        String base = server.toString().replaceFirst("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        access.token().ifPresent(token -> request.setHeader("Authorization", "Bearer " + token));
        return request;
    }

    NoAnswer noAnswer() {
        Instant now = Instant.now();
        String certificate = "see " + access.certificate(now);
        return new NoAnswer("set " + access.server().authority() + " to a PEM file of its authority", certificate,
                access.hasExpired(now) ? certificate : "");
    }

    boolean isYoungerThan(Duration age) {
        return System.nanoTime() - made < age.toNanos();
    }

    boolean hasExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }
}

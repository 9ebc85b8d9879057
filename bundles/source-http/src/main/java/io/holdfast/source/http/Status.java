package io.holdfast.source.http;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** What the status of an answer means. */
final class Status {

    private Status() {
    }

    static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /** @throws FailedRead it leads nowhere, or out of what TLS protects */
    static URI redirected(URI from, HttpResponse<?> answer) throws FailedRead {
        URI to;
        try {
            to = from.resolve(answer.headers().firstValue("Location").orElseThrow(IllegalArgumentException::new));
        } catch (IllegalArgumentException _) { // its message has the query in it
            throw new FailedRead("redirected with status " + answer.statusCode() + " to what is not a URL");
        }
        if (!Target.isUsable(to)) {
            throw new FailedRead("redirected with status " + answer.statusCode() + " to what is not an http or https URL");
        }
        if (Target.scheme(from).equals("https") && Target.scheme(to).equals("http")) {
            throw new FailedRead("redirected from https to plain http, which is refused: " + Target.shown(to));
        }
        return to;
    }

    static FailedRead failure(HttpResponse<?> answer) {
        int status = answer.statusCode();
        return new FailedRead("the server answered " + status + named(status), switch (status) {
            case 429, 503 -> answer.headers().firstValue("Retry-After").map(Status::retryAfter).orElse(Duration.ZERO);
            default -> Duration.ZERO;
        });
    }

    private static String named(int status) {
        return switch (status) {
            case 304 -> " (Not Modified), although it was asked for everything";
            case 401 -> " (Unauthorized): see token.file and header.Authorization";
            case 403 -> " (Forbidden)";
            case 404 -> " (Not Found)";
            case 407 -> " (Proxy Authentication Required)";
            case 410 -> " (Gone)";
            case 429 -> " (Too Many Requests)";
            case 500 -> " (Internal Server Error)";
            case 502 -> " (Bad Gateway)";
            case 503 -> " (Service Unavailable)";
            case 504 -> " (Gateway Timeout)";
            default -> ", 200 is expected";
        };
    }

    private static Duration retryAfter(String header) {
        try {
            Duration asked = header.strip().matches("[0-9]{1,9}") ? Duration.ofSeconds(Long.parseLong(header.strip()))
                    : Duration.between(Instant.now(), Validators.time(header));
            return asked.isNegative() ? Duration.ZERO : asked;
        } catch (DateTimeParseException _) {
            return Duration.ZERO;
        }
    }
}

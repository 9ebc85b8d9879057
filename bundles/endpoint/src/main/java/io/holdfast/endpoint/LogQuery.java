package io.holdfast.endpoint;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

import io.holdfast.kit.log.LogOptions;

/** What of a log is asked for, with the parameters, checks and words of the kubelet. */
record LogQuery(boolean follow, boolean previous, LogOptions options) {

    static LogQuery of(Request request, Instant now) throws Refusal {
        Optional<Long> tail = number(request, "tailLines", 0);
        Optional<Long> limit = number(request, "limitBytes", 1);
        Optional<Instant> seconds = number(request, "sinceSeconds", 1).map(ago -> before(now, ago));
        Optional<Instant> time = time(request);
        if (seconds.isPresent() && time.isPresent()) {
            throw invalid("at most one of sinceTime and sinceSeconds may be specified");
        }
        return new LogQuery(flag(request, "follow"), flag(request, "previous"),
                new LogOptions(tail.orElse(-1L), seconds.or(() -> time).orElse(Instant.MIN), limit.orElse(Long.MAX_VALUE),
                        flag(request, "timestamps")));
    }

    private static Instant before(Instant now, long seconds) {
        return seconds < now.getEpochSecond() ? now.minusSeconds(seconds) : Instant.EPOCH;
    }

    private static Optional<Long> number(Request request, String name, long least) throws Refusal {
        Optional<String> value = request.parameter(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            long number = Long.parseLong(value.get());
            if (number < least) {
                throw invalid(name + " must be greater than or equal to " + least);
            }
            return Optional.of(number);
        } catch (NumberFormatException _) {
            throw undecodable(name + " must be a number");
        }
    }

    private static Optional<Instant> time(Request request) throws Refusal {
        try {
            return request.parameter("sinceTime").map(value -> OffsetDateTime.parse(value).toInstant());
        } catch (DateTimeException _) {
            throw undecodable("sinceTime must be a time such as 2026-05-01T12:00:00Z");
        }
    }

    /** As Kubernetes reads it: given without a value is set. */
    private static boolean flag(Request request, String name) {
        return request.query().containsKey(name)
                && request.parameter(name).map(value -> !value.equals("0") && !value.equalsIgnoreCase("false")).orElse(true);
    }

    private static Refusal undecodable(String why) {
        return new Refusal(400, "{\"message\": \"Unable to decode query.\"}: " + why);
    }

    private static Refusal invalid(String why) {
        return new Refusal(422, "{\"message\": \"Invalid request.\"}: " + why);
    }
}

package io.holdfast.mirror;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.kit.thread.Threads;

/**
 * The events of a watch. When nothing comes for so long that the server must be gone, that is as if it had ended the watch:
 * the next request tells.
 */
final class WatchStream {

    /** With bookmarks, a server says something each minute. */
    private static final Duration BOOKMARKS = Duration.ofSeconds(150);
    private static final Duration UNASKED = Duration.ofMinutes(10);
    private static final Duration LATE = Duration.ofSeconds(10);
    private static final Pattern SECONDS = Pattern.compile("[?&]timeoutSeconds=([0-9]{1,6})(&|$)");

    private final Duration patience;
    private final Function<IOException, String> reasons;

    /** @param reasons tells a person why a connection broke */
    WatchStream(String path, Function<IOException, String> reasons) {
        this(patience(path), reasons);
    }

    WatchStream(Duration patience, Function<IOException, String> reasons) {
        this.patience = patience;
        this.reasons = reasons;
    }

    static Duration patience(String path) {
        Matcher asked = SECONDS.matcher(path);
        Duration all = asked.find() ? Duration.ofSeconds(Long.parseLong(asked.group(1))).plus(LATE) : UNASKED;
        return path.contains("allowWatchBookmarks=true") && all.compareTo(BOOKMARKS) > 0 ? BOOKMARKS : all;
    }

    /** Closes {@code body}. */
    void read(InputStream body, Consumer<JsonNode> events) throws ApiFailure, InterruptedException {
        LiveStream in = new LiveStream(body);
        try (Threads threads = new Threads(); in) {
            threads.start("mirror-watchdog", () -> in.closeWhenSilent(patience));
            JsonParser parser = Trees.MAPPER.createParser(in);
            for (JsonNode event = Trees.MAPPER.readTree(parser); event != null; event = Trees.MAPPER.readTree(parser)) {
                in.beginAnother();
                tell(event, events);
            }
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (!in.isSilent()) {
                throw new ApiFailure.Unreachable(reason(e));
            }
        }
    }

    private static void tell(JsonNode event, Consumer<JsonNode> events) throws ApiFailure {
        JsonNode object = event.path("object");
        if (!object.isObject()) {
            throw new ApiFailure.Unreachable(Answers.NOT_KUBERNETES);
        }
        if (event.path("type").asText().equals("ERROR")) {
            throw Answers.failure(object.path("code").asInt(), Optional.empty(), object);
        }
        events.accept(event);
    }

    /** What Jackson says is not passed on: it quotes. */
    private String reason(IOException e) {
        return switch (e) {
            case JsonEOFException _ -> "the watch was cut short in the midst of an event";
            case JsonProcessingException _ -> Answers.NOT_KUBERNETES;
            case LiveStream.TooLarge _ -> String.valueOf(e.getMessage());
            default -> reasons.apply(e);
        };
    }
}

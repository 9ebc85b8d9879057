package io.holdfast.runtime.docker;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.holdfast.runtime.ContainerRuntime.Hints;
import io.holdfast.runtime.Names;

/** Listens to the Engine. */
final class Events {

    private static final Map<String, List<String>> WANTED = Map.of("type", List.of("container"), "event",
            List.of("start", "die", "oom", "destroy"), "label", List.of(Names.MANAGED + "=true"));

    private final Engine engine;
    private final Looks looks;

    Events(Engine engine, Looks looks) {
        this.engine = engine;
        this.looks = looks;
    }

    void watch(Hints hints) throws InterruptedException {
        // Docker answers just before it begins to listen itself: what happens between it tells because of the time.
        String path = "/events" + Query.of("since", time(Instant.now()), "filters", Query.filters(WANTED));
        engine.stream("GET", path, null, Map.of(), body -> {
            hints.lookAtAll();
            Json.each(body, event -> {
                looks.forget(event.at("Actor", "ID").text());
                hints.look(Labels.pod(event.at("Actor", "Attributes").texts()));
            });
        });
        throw Errors.unreachable(engine.endpoint(), "the event stream has ended", null);
    }

    /** As the API takes it, to the nanosecond. */
    static String time(Instant at) {
        return String.format(Locale.ROOT, "%d.%09d", at.getEpochSecond(), at.getNano());
    }
}

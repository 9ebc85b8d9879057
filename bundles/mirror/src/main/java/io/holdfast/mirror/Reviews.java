package io.holdfast.mirror;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.cell.Cell;
import io.holdfast.status.Authorizer;

/** Has the API server decide who may do what with this node, and remembers its answers as long as the kubelet does. */
final class Reviews implements Authorizer {

    private static final Duration ALLOWED = Duration.ofMinutes(5);
    private static final Duration DENIED = Duration.ofSeconds(30);
    private static final int MOST = 1000; // answers, some 200 bytes each

    private record Question(String user, List<String> groups, String verb, String subresource) {
    }

    private record Answer(boolean allowed, Instant until) {
    }

    private final Api api;
    private final String node;
    private final InstantSource clock;
    private final Cell<Map<Question, Answer>> answers = new Cell<>(Map.of());

    /** @param clock for periods */
    Reviews(Api api, String node, InstantSource clock) {
        this.api = api;
        this.node = node;
        this.clock = clock;
    }

    @Override
    public boolean allows(String user, List<String> groups, String verb, String subresource)
            throws IOException, InterruptedException {
        Question question = new Question(user, List.copyOf(groups), verb, subresource);
        @Nullable Answer known = answers.value().get(question);
        if (known != null && known.until().isAfter(clock.instant())) {
            return known.allowed();
        }
        boolean allowed = ask(question);
        Answer answer = new Answer(allowed, clock.instant().plus(allowed ? ALLOWED : DENIED));
        answers.update(before -> remember(before, question, answer));
        return allowed;
    }

    /** In the order in which they were given, the oldest goes first. */
    private static Map<Question, Answer> remember(Map<Question, Answer> before, Question question, Answer answer) {
        Map<Question, Answer> next = new LinkedHashMap<>(before);
        next.remove(question);
        if (next.size() >= MOST) {
            next.remove(next.keySet().iterator().next());
        }
        next.put(question, answer);
        return next;
    }

    private boolean ask(Question question) throws IOException, InterruptedException {
        ObjectNode review = JsonNodeFactory.instance.objectNode().put("apiVersion", "authorization.k8s.io/v1")
                .put("kind", "SubjectAccessReview");
        ObjectNode spec = review.putObject("spec").put("user", question.user());
        ArrayNode groups = spec.putArray("groups");
        question.groups().forEach(groups::add);
        spec.putObject("resourceAttributes").put("verb", question.verb()).put("version", "v1")
                .put("resource", "nodes").put("subresource", question.subresource()).put("name", node);
        try {
            return api.create(Paths.REVIEWS, review).path("status").path("allowed").asBoolean();
        } catch (ApiFailure e) {
            throw new IOException("the API server does not tell what " + question.user() + " may do: "
                    + e.getMessage(), e);
        }
    }
}

package io.holdfast.runtime.docker;

import java.util.Map;
import java.util.Optional;

import io.holdfast.runtime.Names;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.docker.Engine.Answer;

/** Has the Engine make containers, and says what a name stands in the way of. */
final class Creation {

    private static final int SHORT_ID = 12;

    private final Engine engine;
    private final PauseImage pause;

    Creation(Engine engine) {
        this.engine = engine;
        pause = new PauseImage(engine);
    }

    /** Gives the Engine the pause image first if it has none, or none any more: such are easily tidied away. */
    String sandbox(String name, Map<String, Object> body) throws InterruptedException {
        Answer answer = create(name, body);
        if (answer.noSuch()) {
            pause.provide();
            answer = create(name, body);
        }
        return id(answer, name);
    }

    String container(String name, Map<String, Object> body) throws InterruptedException {
        return id(create(name, body), name);
    }

    private Answer create(String name, Map<String, Object> body) throws InterruptedException {
        return engine.post("/containers/create" + Query.of("name", name), body);
    }

    private String id(Answer answer, String name) throws InterruptedException {
        if (answer.conflict()) {
            throw new RuntimeRefused(conflict(name, answer), null);
        }
        return answer.get().at("Id").text();
    }

    /** Ours is seen by the next look, which decides what becomes of it; another's is left alone. */
    private String conflict(String name, Answer answer) throws InterruptedException {
        Optional<Json> other = engine.get("/containers/" + name + "/json").ifThere();
        if (other.isEmpty()) { // it is just being made, or removed
            return answer.body().at("message").text();
        }
        Json config = other.get().at("Config");
        String id = other.get().at("Id").text();
        id = id.substring(0, Math.min(SHORT_ID, id.length()));
        return config.at("Labels", Names.MANAGED).text().equals("true") ? name + " is there already, container " + id
                : "the name " + name + " is taken by container " + id + " of image " + config.at("Image").text()
                        + ", which is not Holdfast's and is left alone; rename or remove it and the pod goes on";
    }
}

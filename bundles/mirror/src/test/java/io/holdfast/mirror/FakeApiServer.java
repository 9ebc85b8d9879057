package io.holdfast.mirror;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.cell.Cell;

/**
 * An API server in memory, as far as a mirror goes: objects with UIDs and resource versions, merge patches, preconditions,
 * graceful deletion that waits for the node, watches that can be too old, and what NodeRestriction asks of mirror pods.
 * Whatever changes an object does so at one moment.
 */
final class FakeApiServer implements Api {

    /** {@code GET /api/v1/…} */
    record Request(String verb, String path) {

        boolean isAbout(String part) {
            return path.contains(part);
        }
    }

    /** @param gone events before this version are not known any more */
    record State(TreeMap<String, ObjectNode> objects, List<ObjectNode> log, long version, long gone,
            List<Request> requests) {
    }

    private final String node;
    private final Cell<State> state = new Cell<>(new State(new TreeMap<>(), List.of(), 100, 0, List.of()));
    private final Cell<Boolean> down = new Cell<>(false);
    private final Cell<Function<Request, Optional<ApiFailure>>> refusals = new Cell<>(_ -> Optional.empty());
    private final Cell<Integer> watchesCut = new Cell<>(0);

    FakeApiServer(String node) {
        this.node = node;
    }

    // --- what tests do with it

    void goDown() {
        down.set(true);
        cutWatches();
    }

    void comeBack() {
        down.set(false);
    }

    void cutWatches() {
        watchesCut.update(n -> n + 1);
    }

    /** Watches end, and none can go on from where it was. */
    void forgetHistory() {
        state.update(s -> new State(s.objects(), List.of(), s.version() + 1, s.version() + 1, s.requests()));
        cutWatches();
    }

    void refuse(Function<Request, Optional<ApiFailure>> rule) {
        refusals.set(rule);
    }

    static ApiFailure refused(int code, String reason, String message) {
        return new ApiFailure.Refused(code, reason, message, Optional.empty());
    }

    static ApiFailure tooMany(Duration retryAfter) {
        return new ApiFailure.Refused(429, "TooManyRequests", "too many requests", Optional.of(retryAfter));
    }

    Optional<ObjectNode> object(String path) {
        return Optional.ofNullable(state.value().objects().get(path)).map(ObjectNode::deepCopy);
    }

    Stream<ObjectNode> objects(String part) {
        return state.value().objects().entrySet().stream().filter(o -> o.getKey().contains(part))
                .map(o -> o.getValue().deepCopy());
    }

    Cell<State> state() {
        return state;
    }

    long requests(String verb, String part) {
        return state.value().requests().stream().filter(r -> r.verb().equals(verb) && r.isAbout(part)).count();
    }

    /** As somebody else would. */
    synchronized ObjectNode put(String path, ObjectNode object) {
        return store(path, object.deepCopy());
    }

    synchronized void change(String path, UnaryOperator<ObjectNode> change) {
        store(path, change.apply(object(path).orElseThrow()));
    }

    /** {@code kubectl delete pod}: waits for the node to confirm. */
    void deleteGracefully(String path) {
        change(path, pod -> {
            pod.withObject("/metadata").put("deletionTimestamp", "2026-11-22T09:00:00Z").put("deletionGracePeriodSeconds", 30);
            return pod;
        });
    }

    synchronized void remove(String path) {
        ObjectNode last = object(path).orElseThrow();
        state.update(s -> {
            TreeMap<String, ObjectNode> next = new TreeMap<>(s.objects());
            next.remove(path);
            last.withObject("/metadata").put("resourceVersion", Long.toString(s.version() + 1));
            return new State(next, with(s.log(), event("DELETED", path, last)), s.version() + 1, s.gone(), s.requests());
        });
    }

    // --- the API

    @Override
    public String server() {
        return "https://fake:6443";
    }

    @Override
    public JsonNode get(String path) throws ApiFailure {
        request("get", path);
        if (path.startsWith("/api/v1/pods?")) {
            return list(path);
        }
        return path.equals("/version") ? JsonNodeFactory.instance.objectNode() : there(path);
    }

    @Override
    public synchronized JsonNode create(String path, JsonNode object) throws ApiFailure {
        request("create", path);
        CurrentApi.check(path, object);
        if (path.endsWith("subjectaccessreviews")) {
            ObjectNode answer = object.deepCopy();
            answer.putObject("status").put("allowed", object.at("/spec/user").asText().equals("kube-apiserver"));
            return answer;
        }
        String name = object.at("/metadata/name").asText();
        String at = path + "/" + name;
        if (object(at).isPresent()) {
            throw refused(409, "AlreadyExists", name + " already exists");
        }
        ObjectNode stored = object.deepCopy();
        if (path.endsWith("/pods")) {
            checkMirror(stored);
            stored.putObject("status").put("phase", "Pending").put("qosClass", "BestEffort");
        }
        return store(at, stored);
    }

    @Override
    public synchronized JsonNode patch(String path, PatchType type, JsonNode patch) throws ApiFailure {
        request("patch", path);
        String at = path.replaceFirst("/status$", "");
        ObjectNode next = there(at);
        checkUid(next, patch.path("metadata"));
        merge(next, patch, type == PatchType.STRATEGIC);
        CurrentApi.check(at, next);
        return store(at, next);
    }

    @Override
    public synchronized void delete(String path, JsonNode options) throws ApiFailure {
        request("delete", path);
        checkUid(there(path), options.path("preconditions"));
        if (options.path("gracePeriodSeconds").asInt(30) > 0) {
            deleteGracefully(path);
        } else {
            remove(path);
        }
    }

    @Override
    public void watch(String path, Consumer<JsonNode> events) throws ApiFailure, InterruptedException {
        request("watch", path);
        int cut = watchesCut.value();
        long from = Long.parseLong(path.replaceFirst(".*resourceVersion=", ""));
        if (from < state.value().gone()) {
            throw refused(410, "Expired", "too old resource version: " + from);
        }
        for (Cell.Versioned<State> now = state.current();; now = state.after(now.version(), Duration.ofMillis(20))) {
            if (from < now.value().gone()) {
                return;
            }
            for (ObjectNode event : now.value().log()) {
                long version = event.at("/object/metadata/resourceVersion").asLong();
                if (version > from && isOfNode(event.path("object"))) {
                    events.accept(event);
                    from = version;
                }
            }
            if (watchesCut.value() != cut) {
                request("cut", path);
                return;
            }
        }
    }

    private JsonNode list(String path) {
        State now = state.value();
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.putObject("metadata").put("resourceVersion", Long.toString(now.version()));
        ArrayNode items = list.putArray("items");
        now.objects().forEach((at, object) -> {
            if (at.contains("/pods/") && isOfNode(object)) {
                items.add(object.deepCopy());
            }
        });
        return list;
    }

    private boolean isOfNode(JsonNode object) {
        return object.at("/spec/nodeName").asText().equals(node) && object.at("/metadata/namespace").isTextual();
    }

    private void request(String verb, String path) throws ApiFailure {
        Request request = new Request(verb, path);
        state.update(s -> new State(s.objects(), s.log(), s.version(), s.gone(), with(s.requests(), request)));
        if (down.value()) {
            throw new ApiFailure.Unreachable("connection refused");
        }
        Optional<ApiFailure> refusal = refusals.value().apply(request);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
    }

    private ObjectNode there(String path) throws ApiFailure {
        return object(path).orElseThrow(() -> refused(404, "NotFound", URI.create(path).getPath() + " not found"));
    }

    private ObjectNode store(String path, ObjectNode object) {
        Cell<ObjectNode> stored = new Cell<>(object);
        state.update(s -> {
            boolean isNew = !s.objects().containsKey(path);
            ObjectNode metadata = object.withObject("/metadata");
            metadata.put("resourceVersion", Long.toString(s.version() + 1));
            if (!metadata.has("uid")) {
                metadata.put("uid", UUID.randomUUID().toString());
            }
            TreeMap<String, ObjectNode> next = new TreeMap<>(s.objects());
            next.put(path, object);
            stored.set(object.deepCopy());
            return new State(next, with(s.log(), event(isNew ? "ADDED" : "MODIFIED", path, object)), s.version() + 1,
                    s.gone(), s.requests());
        });
        return stored.value();
    }

    private static ObjectNode event(String type, String path, ObjectNode object) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
        event.set("object", path.contains("/pods/") ? object.deepCopy() : JsonNodeFactory.instance.objectNode());
        return event;
    }

    private static <T> List<T> with(List<T> list, T one) {
        List<T> next = new ArrayList<>(list);
        next.add(one);
        return List.copyOf(next);
    }

    /** As NodeRestriction does for the identity of a node. */
    private void checkMirror(ObjectNode pod) throws ApiFailure {
        JsonNode owner = pod.at("/metadata/ownerReferences");
        Optional<ObjectNode> ours = object("/api/v1/nodes/" + node);
        boolean well = pod.at("/metadata/annotations/kubernetes.io~1config.mirror").isTextual()
                && pod.at("/spec/nodeName").asText().equals(node) && owner.size() == 1
                && owner.at("/0/kind").asText().equals("Node") && owner.at("/0/controller").asBoolean()
                && owner.at("/0/uid").equals(ours.map(n -> n.at("/metadata/uid")).orElse(JsonNodeFactory.instance.missingNode()))
                && !pod.path("metadata").has("uid") && !pod.path("spec").has("serviceAccountName");
        if (!well) {
            throw refused(403, "Forbidden", "pods is forbidden: node can only create mirror pods: " + pod);
        }
    }

    private static void checkUid(ObjectNode there, JsonNode precondition) throws ApiFailure {
        if (precondition.has("uid") && !precondition.path("uid").equals(there.at("/metadata/uid"))) {
            throw refused(409, "Conflict", "the UID in the precondition does not match");
        }
    }

    /** RFC 7386; with {@code strategic}, lists of conditions and addresses by their type. */
    private static void merge(ObjectNode to, JsonNode patch, boolean strategic) {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                to.remove(field.getKey());
            } else if (value.isObject()) {
                merge(to.withObjectProperty(field.getKey()), value, strategic);
            } else if (strategic && (field.getKey().equals("conditions") || field.getKey().equals("addresses"))) {
                byType(to.withArrayProperty(field.getKey()), value);
            } else {
                to.set(field.getKey(), value.deepCopy());
            }
        }
    }

    private static void byType(ArrayNode to, JsonNode patch) {
        for (JsonNode each : patch) {
            for (int i = to.size() - 1; i >= 0; i--) {
                if (to.get(i).path("type").equals(each.path("type"))) {
                    to.remove(i);
                }
            }
            to.add(each.deepCopy());
        }
    }
}

package io.holdfast.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import io.holdfast.kit.json.Json;
import io.holdfast.kit.json.PodViewJson;
import io.holdfast.status.PodView;

/** Who asks is known; now whether it may, and what the answer is. */
record Requests(Access access, Logs logs, Metrics metrics, Services services) {

    /** @param client empty, if it came without a certificate */
    void answer(Optional<Client> client, Request request, Answer answer)
            throws Refusal, IOException, InterruptedException {
        access.check(client.orElseThrow(() -> new Refusal(401, "Unauthorized")), request);
        answer(request, answer);
    }

    private void answer(Request request, Answer answer) throws Refusal, IOException, InterruptedException {
        switch (request.subject()) {
            case "containerLogs" -> {
                requireGet(request);
                logs.answer(request, answer);
            }
            case "pods" -> {
                requireGet(request);
                answer.send(200, "application/json", pods().getBytes(UTF_8));
            }
            case "metrics" -> {
                requireGet(request);
                answer.send(200, Figures.TYPE, metrics.text());
            }
            case "healthz" -> answer.send(200, Answer.TEXT, "ok".getBytes(UTF_8));
            case "exec", "run", "attach", "portForward" -> throw unsupported(request.subject());
            default -> throw notFound();
        }
    }

    static Refusal notFound() {
        return new Refusal(404, "404: Page Not Found");
    }

    /** Without a colon: kubectl takes {@code a: b} for a Status in YAML, and shows its message, which is empty. */
    private static Refusal unsupported(String what) {
        return new Refusal(501, what + " is not supported by this node, whose port has logs, pods, metrics and healthz; "
                + "on the node itself, the engine's own command line does it, such as crictl or docker");
    }

    private String pods() throws Refusal {
        List<PodView> pods = services.statuses().current().pods();
        return Json.object(json -> json.text("apiVersion", "v1").text("kind", "PodList").object("metadata", _ -> {
        }).objects("items", pods, PodViewJson::write));
    }

    private static void requireGet(Request request) throws Refusal {
        if (!request.method().equals("GET")) {
            throw new Refusal(405, "Method Not Allowed");
        }
    }
}

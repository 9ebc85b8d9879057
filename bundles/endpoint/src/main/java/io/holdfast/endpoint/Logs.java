package io.holdfast.endpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

import io.holdfast.kit.log.ContainerLog;
import io.holdfast.kit.log.ContainerLog.Place;
import io.holdfast.kit.log.PodLogs;
import io.holdfast.pod.PodName;
import io.holdfast.status.PodView;

/** {@code /containerLogs/NAMESPACE/POD/CONTAINER}, with the answers of the kubelet. */
record Logs(Services services, InstantSource clock) {

    void answer(Request request, Answer answer) throws Refusal, IOException, InterruptedException {
        if (request.path().size() != 4) {
            throw Requests.notFound();
        }
        PodName name = new PodName(request.path().get(1), request.path().get(2));
        String container = request.path().get(3);
        LogQuery query = LogQuery.of(request, clock.instant());
        PodView pod = services.statuses().current().pods().stream().filter(p -> p.name().equals(name)).findFirst()
                .orElseThrow(() -> new Refusal(404, "pod \"" + name.name() + "\" does not exist"));
        ContainerLog log = ContainerLog.of(pod, container).orElseThrow(() -> new Refusal(404,
                "container \"" + container + "\" not found in pod \"" + name.name() + "\""));
        Path file = file(log, query.previous());
        OutputStream out = answer.stream(Answer.TEXT);
        if (query.follow() && !query.previous()) {
            PodLogs.follow(() -> log.next(services.statuses), file, query.options(), out);
        } else {
            PodLogs.print(file, query.options(), out);
        }
    }

    private static Path file(ContainerLog log, boolean previous) throws Refusal {
        String container = "container \"" + log.status().name() + "\" in pod \"" + log.pod().name().name() + "\"";
        Path file = switch (log.place(previous)) {
            case Place.Found(Path found) -> found;
            case Place.NoPrevious() -> throw new Refusal(400, "previous terminated " + container + " not found");
            case Place.NotStarted(String reason) ->
                throw new Refusal(400, container + " is waiting to start: " + explained(reason));
        };
        if (!Files.isReadable(file)) {
            throw new Refusal(400, "the log file " + file + " of " + container + " is not there");
        }
        return file;
    }

    private static String explained(String reason) {
        return switch (reason) {
            case "ErrImagePull" -> "image can't be pulled";
            case "ImagePullBackOff" -> "trying and failing to pull image";
            default -> reason;
        };
    }
}

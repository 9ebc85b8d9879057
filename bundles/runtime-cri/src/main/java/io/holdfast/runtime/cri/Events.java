package io.holdfast.runtime.cri;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.runtime.ContainerRuntime.Hints;
import io.holdfast.runtime.cri.wire.ContainerEventResponse;
import io.holdfast.runtime.cri.wire.ContainerEventType;
import io.holdfast.runtime.cri.wire.Envelope;
import io.holdfast.runtime.cri.wire.EventsGrpc;
import io.holdfast.runtime.cri.wire.GetEventsRequest;
import io.holdfast.runtime.cri.wire.RuntimeServiceGrpc;
import io.holdfast.runtime.cri.wire.SubscribeRequest;
import io.holdfast.runtime.cri.wire.TaskExit;
import io.holdfast.runtime.cri.wire.VersionRequest;

/**
 * Listens to the engine: by CRI's event stream; if it has none, by containerd's; if it has neither, asks for a look at
 * all every second.
 */
final class Events {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final Duration WITHOUT = Duration.ofSeconds(1);
    private static final String OOM = "/tasks/oom";
    private static final String CRI_EXITS = "topic==\"/tasks/exit\",namespace==" + Connection.NAMESPACE;
    private static final String CRI_OOMS = "topic==\"" + OOM + "\",namespace==" + Connection.NAMESPACE;

    private final Connection engine;
    private final Looks looks;
    /** An engine that once had no such stream is not asked again: one more look at all would come of it each time. */
    private volatile boolean hasCriEvents = true;

    Events(Connection engine, Looks looks) {
        this.engine = engine;
        this.looks = looks;
    }

    void watch(Hints hints) throws InterruptedException {
        hasCriEvents = hasCriEvents && criEvents(hints);
        if (!containerdEvents(hints)) {
            LOG.warn("{} has no event stream; looking at all pods every second", engine.endpoint());
            lookOften(hints);
        }
    }

    /** These come once the engine's own books say so. */
    private boolean criEvents(Hints hints) throws InterruptedException {
        return engine.stream(RuntimeServiceGrpc.getGetContainerEventsMethod(), GetEventsRequest.getDefaultInstance(),
                () -> begun(hints), (ContainerEventResponse event) -> {
                    if (event.getContainerEventType() == ContainerEventType.CONTAINER_STOPPED_EVENT) {
                        looks.ownerOf(event.getContainerId()).ifPresent(hints::look);
                    }
                });
    }

    /** These come some 30 to 50 ms before, so that looks are told what the engine will only say later. */
    private boolean containerdEvents(Hints hints) throws InterruptedException {
        return engine.stream(EventsGrpc.getSubscribeMethod(),
                SubscribeRequest.newBuilder().addFilters(CRI_EXITS).addFilters(CRI_OOMS).build(), () -> begun(hints),
                (Envelope event) -> {
                    TaskExit exit = TaskExit.parseFrom(event.getEvent().getValue());
                    if (event.getTopic().equals(OOM)) {
                        looks.ranOutOfMemory(exit.getContainerId());
                    } else if (exit.getId().equals(exit.getContainerId())) { // else one that was exec'ed into it
                        looks.ended(exit).ifPresent(hints::look);
                    }
                });
    }

    /** By the time the engine has answered it has read the request for events, which was sent before. */
    private void begun(Hints hints) throws InterruptedException {
        ping();
        hints.lookAtAll();
    }

    private void lookOften(Hints hints) throws InterruptedException {
        while (true) {
            Thread.sleep(WITHOUT);
            ping();
            hints.lookAtAll();
        }
    }

    private void ping() throws InterruptedException {
        engine.call(RuntimeServiceGrpc.getVersionMethod(), VersionRequest.getDefaultInstance(), Looks.LIMIT);
    }
}

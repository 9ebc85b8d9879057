package io.holdfast.runtime.cri;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.grpc.MethodDescriptor;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.cri.wire.Done;
import io.holdfast.runtime.cri.wire.KillTaskRequest;
import io.holdfast.runtime.cri.wire.TaskRequest;
import io.holdfast.runtime.cri.wire.TasksGrpc;

/**
 * containerd takes a container for ended when the caller of StartContainer goes away, such as an agent that is killed, and
 * may leave its task running. By CRI it can then neither be stopped nor removed, nor its sandbox; by containerd's own task
 * service it can.
 */
final class LostTasks {

    private static final Logger LOG = LoggerFactory.getLogger(LostTasks.class);
    private static final Pattern IN_THE_WAY = Pattern.compile("cannot delete running task (\\w+)");
    private static final int SIGKILL = 9;

    private final Connection engine;

    LostTasks(Connection engine) {
        this.engine = engine;
    }

    /** Removes something, and ends what is in the way of that; nothing when it is gone. */
    <Q, R> void remove(MethodDescriptor<Q, R> method, Q request) throws InterruptedException {
        Set<String> ended = new HashSet<>();
        while (true) {
            try {
                engine.begin(method, request, Looks.LIMIT).unless(Errors::isNotFound);
                return;
            } catch (RuntimeRefused e) {
                Optional<String> task = inTheWay(e).filter(ended::add);
                if (task.isEmpty()) {
                    throw e;
                }
                end(task.get());
            }
        }
    }

    private static Optional<String> inTheWay(RuntimeRefused error) {
        Matcher matcher = IN_THE_WAY.matcher(String.valueOf(error.getMessage()));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private void end(String container) throws InterruptedException {
        LOG.warn("ending container {}, which runs although the engine takes it for ended", container);
        TaskRequest task = TaskRequest.newBuilder().setContainerId(container).build();
        call(TasksGrpc.getKillMethod(),
                KillTaskRequest.newBuilder().setContainerId(container).setSignal(SIGKILL).setAll(true).build());
        call(TasksGrpc.getWaitMethod(), task);
        call(TasksGrpc.getDeleteMethod(), task);
    }

    private <Q> void call(MethodDescriptor<Q, Done> method, Q request) throws InterruptedException {
        engine.beginOfContainerd(method, request, Looks.LIMIT).unless(Errors::isNotFound);
    }
}

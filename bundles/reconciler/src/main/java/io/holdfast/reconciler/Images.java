package io.holdfast.reconciler;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import io.holdfast.cell.Cell;
import io.holdfast.pod.Container;
import io.holdfast.pod.Container.ImagePullPolicy;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.PullAuth;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;

/**
 * Brings images: each pull has a thread of its own, so that no worker waits for a registry; so many at a time. Reasons
 * are those of behaviour C9.
 */
final class Images {

    /** Where the image of a container is. */
    sealed interface Answer {

        record Present(Image image, boolean pulled) implements Answer {
        }

        /** It is being pulled, or waits for its turn. */
        record Coming() implements Answer {
        }

        record Failed(String reason, String message) implements Answer {
        }

        /** The engine went away meanwhile, which says nothing about the image. */
        record Away(RuntimeUnreachable why) implements Answer {
        }
    }

    private final Semaphore permits;
    private final Map<String, Pull> pulls = new ConcurrentHashMap<>();

    /** @param answer version 0 while it is being looked for */
    private record Pull(Cell<Answer> answer, Thread thread) {
    }

    Images(int parallel) {
        permits = new Semaphore(parallel, true);
    }

    /**
     * Says where the image is, and begins to pull it when that is due.
     *
     * @param ticket names this start of this container: a finished pull answers it once
     * @param arrived called when a pull for the ticket has ended, well or not
     */
    Answer get(ContainerRuntime runtime, Container container, String ticket, Runnable arrived)
            throws InterruptedException {
        Pull pull = pulls.get(ticket);
        if (pull != null) {
            Answer answer = pull.answer().after(0).value(); // looking takes one call, no longer than to do it here
            if (!(answer instanceof Answer.Coming)) {
                pulls.remove(ticket);
            }
            return answer;
        }
        Optional<Answer> here = container.imagePullPolicy() == ImagePullPolicy.Always ? Optional.empty()
                : here(runtime, container);
        if (here.isEmpty()) {
            pulls.put(ticket, begin(runtime, container, arrived));
        }
        return here.orElse(new Answer.Coming());
    }

    /** Begins to look for the image, and to pull it when that is due, so that {@link #get} need not wait. */
    void prepare(ContainerRuntime runtime, Container container, String ticket, Runnable arrived) {
        pulls.computeIfAbsent(ticket, _ -> begin(runtime, container, arrived));
    }

    private static Optional<Answer> here(ContainerRuntime runtime, Container container) throws InterruptedException {
        try {
            Optional<Answer> present = runtime.image(container.image()).map(i -> new Answer.Present(i, false));
            return present.isPresent() || container.imagePullPolicy() != ImagePullPolicy.Never ? present
                    : Optional.of(new Answer.Failed("ErrImageNeverPull", "Container image \"" + container.image()
                            + "\" is not present with pull policy of Never"));
        } catch (RuntimeRefused e) {
            return Optional.of(new Answer.Failed("ImageInspectError", String.valueOf(e.getMessage())));
        }
    }

    private Pull begin(ContainerRuntime runtime, Container container, Runnable arrived) {
        Cell<Answer> answer = new Cell<>(new Answer.Coming());
        return new Pull(answer, Threads.start("pull " + container.image(), () -> {
            Optional<Answer> here = container.imagePullPolicy() == ImagePullPolicy.Always ? Optional.empty()
                    : look(runtime, container);
            if (here.isEmpty()) {
                answer.set(new Answer.Coming());
            }
            answer.set(here.isPresent() ? here.get() : pull(runtime, container));
            arrived.run();
        }));
    }

    boolean coming(String ticket) {
        Pull pull = pulls.get(ticket);
        return pull != null && pull.answer().value() instanceof Answer.Coming;
    }

    /** Of the tickets that begin so only these are wanted any more. */
    void keepOnly(Set<String> wanted, String beginning) {
        pulls.forEach((ticket, pull) -> {
            if (ticket.startsWith(beginning) && !wanted.contains(ticket)) {
                pulls.remove(ticket);
                pull.thread().interrupt();
            }
        });
    }

    private static Optional<Answer> look(ContainerRuntime runtime, Container container) throws InterruptedException {
        try {
            return here(runtime, container);
        } catch (RuntimeUnreachable e) {
            return Optional.of(new Answer.Away(e));
        } catch (RuntimeException e) { // as in pull
            return Optional.of(new Answer.Failed("ImageInspectError", String.valueOf(e.getMessage())));
        }
    }

    private Answer pull(ContainerRuntime runtime, Container container) throws InterruptedException {
        permits.acquire();
        try {
            if (container.imagePullPolicy() == ImagePullPolicy.IfNotPresent) {
                var present = runtime.image(container.image()); // another pod's pull may have brought it meanwhile
                if (present.isPresent()) {
                    return new Answer.Present(present.get(), true);
                }
            }
            return new Answer.Present(runtime.pull(container.image(), PullAuth.NONE), true);
        } catch (RuntimeUnreachable e) {
            return new Answer.Away(e);
        } catch (RuntimeException e) { // any at all: who waits for an answer must get one
            return new Answer.Failed("ErrImagePull", String.valueOf(e.getMessage()));
        } finally {
            permits.release();
        }
    }

    void close() {
        pulls.values().forEach(p -> p.thread().interrupt());
    }
}

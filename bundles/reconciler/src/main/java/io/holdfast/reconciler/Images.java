package io.holdfast.reconciler;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import io.holdfast.cell.Cell;
import io.holdfast.kit.registry.Credentials;
import io.holdfast.kit.registry.ImageName;
import io.holdfast.pod.Container;
import io.holdfast.pod.Container.ImagePullPolicy;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.PullAuth;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.source.ConfigObject;

/**
 * Brings images: each pull has a thread of its own, so that no worker waits for a registry; so many at a time. Reasons
 * are those of behaviour C9.
 */
final class Images {

    /** Where the image of a container is. */
    sealed interface Answer {

        record Present(Image image, boolean pulled) implements Answer {
        }

        /**
         * It is being pulled, or waits for its turn.
         *
         * @param progress for a person
         */
        record Coming(String progress) implements Answer {
        }

        record Failed(String reason, String message) implements Answer {
        }

        /** The engine went away meanwhile, which says nothing about the image. */
        record Away(RuntimeUnreachable why) implements Answer {
        }
    }

    /**
     * An image that is to be there.
     *
     * @param ticket names this start of this container: a finished pull answers it once
     * @param secrets of the pod, with credentials
     * @param news called when a pull for the ticket has ended, well or not, and when it has waited for its turn
     */
    record Wish(ContainerRuntime runtime, Container container, String ticket, List<ConfigObject> secrets, Runnable news) {

        String image() {
            return container.image();
        }
    }

    /** How engines and registries say that somebody else, or anybody at all, might have the image. */
    private static final Pattern DENIED = Pattern.compile("\\b401\\b|unauthori|denied|basic auth", Pattern.CASE_INSENSITIVE);

    private final int parallel;
    private final Semaphore permits;
    private final Credentials credentials;
    private final InstantSource clock;
    private final Map<String, Pull> pulls = new ConcurrentHashMap<>();

    /** @param answer version 0 while it is being looked for */
    private record Pull(Cell<Answer> answer, List<ConfigObject> secrets, Thread thread) {
    }

    Images(int parallel, Credentials credentials, InstantSource clock) {
        this.parallel = parallel;
        permits = new Semaphore(parallel, true);
        this.credentials = credentials;
        this.clock = clock;
    }

    /** Says where the image is, and begins to pull it when that is due. */
    Answer get(Wish wish) throws InterruptedException {
        Pull pull = pulls.get(wish.ticket());
        if (pull != null) {
            Answer answer = pull.answer().after(0).value(); // looking takes one call, no longer than to do it here
            if (!(answer instanceof Answer.Coming)) {
                pulls.remove(wish.ticket());
            }
            if (!(answer instanceof Answer.Failed) || pull.secrets().equals(wish.secrets())) {
                return answer;
            }
        }
        Optional<Answer> here = here(wish);
        if (here.isEmpty()) {
            pulls.put(wish.ticket(), begin(wish));
        }
        return here.orElseGet(() -> pulling(wish));
    }

    /** Begins to look for the image, and to pull it when that is due, so that {@link #get} need not wait. */
    void prepare(Wish wish) {
        pulls.computeIfAbsent(wish.ticket(), _ -> begin(wish));
    }

    /** Empty: it is to be pulled. */
    private static Optional<Answer> here(Wish wish) throws InterruptedException {
        try {
            ImageName.of(wish.image());
        } catch (IllegalArgumentException e) {
            return Optional.of(new Answer.Failed("InvalidImageName",
                    "Failed to apply default image tag \"" + wish.image() + "\": " + e.getMessage()));
        }
        if (wish.container().imagePullPolicy() == ImagePullPolicy.Always) {
            return Optional.empty();
        }
        try {
            Optional<Answer> present = wish.runtime().image(wish.image()).map(i -> new Answer.Present(i, false));
            return present.isPresent() || wish.container().imagePullPolicy() != ImagePullPolicy.Never ? present
                    : Optional.of(new Answer.Failed("ErrImageNeverPull", "Container image \"" + wish.image()
                            + "\" is not present with pull policy of Never"));
        } catch (RuntimeRefused e) {
            return Optional.of(new Answer.Failed("ImageInspectError", String.valueOf(e.getMessage())));
        }
    }

    private Pull begin(Wish wish) {
        Cell<Answer> answer = new Cell<>(pulling(wish));
        return new Pull(answer, wish.secrets(), Threads.start("pull " + wish.image(), () -> {
            Optional<Answer> here = look(wish);
            answer.set(here.isPresent() ? here.get() : inTurn(wish, answer));
            wish.news().run();
        }));
    }

    private Answer.Coming pulling(Wish wish) {
        return new Answer.Coming(
                "pulling image \"" + wish.image() + "\" since " + clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    /** The most recent word of what is on its way; empty when nothing is. */
    Optional<Answer.Coming> coming(String ticket) {
        return Optional.ofNullable(pulls.get(ticket))
                .flatMap(pull -> pull.answer().value() instanceof Answer.Coming coming ? Optional.of(coming) : Optional.empty());
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

    private static Optional<Answer> look(Wish wish) throws InterruptedException {
        try {
            return here(wish);
        } catch (RuntimeUnreachable e) {
            return Optional.of(new Answer.Away(e));
        } catch (RuntimeException e) { // as in pull
            return Optional.of(new Answer.Failed("ImageInspectError", String.valueOf(e.getMessage())));
        }
    }

    private Answer inTurn(Wish wish, Cell<Answer> answer) throws InterruptedException {
        if (!permits.tryAcquire(0, TimeUnit.SECONDS)) {
            answer.set(new Answer.Coming("image \"" + wish.image() + "\" waits for its turn, as " + parallel
                    + " are pulled at a time"));
            wish.news().run();
            permits.acquire();
            answer.set(pulling(wish));
            wish.news().run();
        } else {
            answer.set(pulling(wish));
        }
        try {
            return pull(wish);
        } catch (RuntimeUnreachable e) {
            return new Answer.Away(e);
        } catch (RuntimeException e) { // any at all: who waits for an answer must get one
            return new Answer.Failed("ErrImagePull", String.valueOf(e.getMessage()));
        } finally {
            permits.release();
        }
    }

    /** With each of the credentials in turn, as the kubelet does. */
    private Answer pull(Wish wish) throws InterruptedException {
        if (wish.container().imagePullPolicy() == ImagePullPolicy.IfNotPresent) {
            var present = wish.runtime().image(wish.image()); // another pod's pull may have brought it meanwhile
            if (present.isPresent()) {
                return new Answer.Present(present.get(), true);
            }
        }
        ImageName name = ImageName.of(wish.image());
        Credentials.Found found = credentials.of(name, wish.secrets());
        List<String> failures = new ArrayList<>();
        for (PullAuth auth : found.auths().isEmpty() ? List.of(PullAuth.NONE) : found.auths()) {
            try {
                return new Answer.Present(wish.runtime().pull(wish.image(), auth), true);
            } catch (RuntimeRefused e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        return new Answer.Failed("ErrImagePull", message(failures, found, name.registry()));
    }

    private static String message(List<String> failures, Credentials.Found found, String registry) {
        List<String> all = new ArrayList<>(failures.stream().distinct().toList());
        if (failures.stream().anyMatch(failure -> DENIED.matcher(failure).find())) {
            all.add(found.auths().isEmpty() ? "no credentials are known for " + registry
                    : "the credentials that are known for " + registry + " are not accepted, " + failures.size() + " were tried");
        }
        found.troubles().forEach(trouble -> all.add("credentials were not used: " + trouble));
        return String.join("; ", all);
    }

    void close() {
        pulls.values().forEach(p -> p.thread().interrupt());
    }
}

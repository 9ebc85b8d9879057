package io.holdfast.source.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

import io.holdfast.cell.Cell;
import io.holdfast.source.Manifest;

/** What is at one URL: what was read last, and when to ask again. Followed by one thread at a time. */
final class Page {

    /** An answer that took longer was held back by the server until there was news, or its patience was over. */
    private static final Duration HELD_BACK = Duration.ofSeconds(1);
    /** Between the beginnings of two long polls, however fast news come. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(100);

    /**
     * @param waits whether the server has shown that it holds answers back
     * @param failures in a row
     * @param due when to ask again, in {@link System#nanoTime}
     */
    private record Known(Optional<Manifest.Text> text, Validators validators, boolean waits, int failures, long due) {

        boolean steady() {
            return text.isPresent() && failures == 0;
        }
    }

    private final Target target;
    private final Settings settings;
    private final Pace pace;
    private final Cell<Known> known = new Cell<>(
            new Known(Optional.empty(), Validators.NONE, false, 0, System.nanoTime()));

    Page(Target target, Settings settings, Pace pace) {
        this.target = target;
        this.settings = settings;
        this.pace = pace;
    }

    String origin() {
        return target.origin();
    }

    /** Asks for ever, each time when it is due, and says what came of it. */
    void follow(Consumer<Manifest> said) throws InterruptedException {
        try (Connections connections = new Connections(settings.tls())) {
            Client client = new Client(connections, settings);
            while (true) {
                Thread.sleep(Duration.ofNanos(Math.max(0, known.value().due() - System.nanoTime())));
                said.accept(ask(client));
            }
        }
    }

    private Manifest ask(Client client) throws InterruptedException {
        Known before = known.value();
        long begin = System.nanoTime();
        try {
            Answer answer = client.get(target.url(), before.validators());
            Known now = read(client, before, answer, begin);
            known.set(now);
            return now.text().orElseThrow();
        } catch (FailedRead e) {
            return failed(before, e);
        } catch (RuntimeException | Error e) { // a URL must not be given up in silence; the message may hold a secret
            return failed(before, new FailedRead("unexpected " + e.getClass().getName()
                    + Arrays.stream(e.getStackTrace()).findFirst().map(frame -> " at " + frame).orElse("")));
        }
    }

    private Known read(Client client, Known before, Answer answer, long begin) throws FailedRead, InterruptedException {
        Manifest.Text text = switch (answer) {
            case Answer.NotModified _ -> before.text().orElseThrow();
            case Answer.Content content -> text(client, before, content);
        };
        Validators validators = answer instanceof Answer.Content content ? content.validators() : before.validators();
        boolean waits = waits(before, answer, !before.text().equals(Optional.of(text)), begin);
        long now = System.nanoTime();
        long due = waits && !validators.isEmpty()
                ? begin + LEAST_PAUSE.toNanos()
                : now + pace.afterSuccess(before.steady()).toNanos();
        return new Known(Optional.of(text), validators, waits, 0, due);
    }

    /** Equal content is the same manifest, which costs no parse (behaviour H4), and was verified before. */
    private Manifest.Text text(Client client, Known before, Answer.Content content)
            throws FailedRead, InterruptedException {
        Optional<Manifest.Text> same = before.text().filter(text -> Arrays.equals(text.content(), content.bytes()));
        if (same.isPresent()) {
            return same.get();
        }
        if (Body.isEmpty(content.bytes())) {
            throw new FailedRead("the answer is empty; to remove all pods, answer with an empty list, items: []");
        }
        if (settings.signer().isPresent()) {
            Signer signer = settings.signer().get();
            signer.check(content.bytes(), signature(client, signer, content));
        }
        return new Manifest.Text(target.origin(), content.bytes());
    }

    private byte[] signature(Client client, Signer by, Answer.Content content) throws FailedRead, InterruptedException {
        if (by.header().isPresent()) {
            return content.headers().firstValue(by.header().get())
                    .orElseThrow(() -> new FailedRead("it is not signed: there is no header " + by.header().get()))
                    .getBytes(ISO_8859_1);
        }
        try {
            return client.get(target.signature(), Validators.NONE) instanceof Answer.Content(byte[] bytes, _, _)
                    ? bytes : new byte[0];
        } catch (FailedRead e) {
            throw new FailedRead("its signature at " + Target.shown(target.signature()) + " cannot be read: "
                    + e.getMessage(), e.retryAfter());
        }
    }

    /** No news within a second: this server doesn't wait, or no longer, and is not asked at once again. */
    private boolean waits(Known before, Answer answer, boolean news, long begin) {
        if (settings.timing().longPoll().isZero() || before.validators().isEmpty()) {
            return before.waits();
        }
        boolean heldBack = System.nanoTime() - begin >= HELD_BACK.toNanos();
        return heldBack || news && (before.waits() || answer.saysThatItWaits());
    }

    private Manifest failed(Known before, FailedRead why) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(); // nobody failed: what was under way was called off
        }
        int failures = before.failures() + 1;
        long due = System.nanoTime() + pace.afterFailure(failures, why.retryAfter()).toNanos();
        known.set(new Known(before.text(), before.validators(), before.waits(), failures, due));
        return new Manifest.Unreadable(target.origin(), String.valueOf(why.getMessage()));
    }
}

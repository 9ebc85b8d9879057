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

    /** An answer that took less was not held back, whatever the server says. */
    private static final Duration HELD_BACK = Duration.ofSeconds(1);
    /** Between the beginnings of two long polls, however fast news come. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(100);

    private final Target target;
    private final Settings settings;
    private final Pace pace;
    private final Cell<Known> known = new Cell<>(Known.nothing());

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
        try {
            Known now = read(client, before);
            known.set(now);
            return now.text().orElseThrow();
        } catch (FailedRead e) {
            return failed(before, e);
        } catch (RuntimeException | Error e) { // a URL must not be given up in silence; the message may hold a secret
            return failed(before, new FailedRead("unexpected " + e.getClass().getName()
                    + Arrays.stream(e.getStackTrace()).findFirst().map(frame -> " at " + frame).orElse("")));
        }
    }

    private Known read(Client client, Known before) throws FailedRead, InterruptedException {
        String key = settings.signer().isPresent() ? settings.signer().get().keyText() : "";
        Validators sent = before.toSend(key);
        long begin = System.nanoTime();
        Answer answer = client.get(target.url(), sent);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        boolean unmodified = answer instanceof Answer.NotModified;
        Manifest.Text text = switch (answer) {
            case Answer.NotModified _ -> before.text().orElseThrow();
            case Answer.Content content -> text(client, before, key, content);
        };
        boolean news = !before.text().equals(Optional.of(text));
        boolean wasToWait = settings.timing().longPoll().isPositive() && sent.areFor(answer.validators().of());
        boolean heldBack = wasToWait && (news || unmodified) && isHeldBack(answer, took);
        boolean hurried = wasToWait && news && !heldBack && !before.hurried();
        long due = (heldBack || hurried) && !answer.validators().isEmpty() ? begin + LEAST_PAUSE.toNanos()
                : System.nanoTime() + pace.afterSuccess(before.steady()).toNanos();
        return new Known(Optional.of(text), key, answer.validators(), unmodified ? before.unmodified() + 1 : 0, hurried,
                0, due);
    }

    /** Whether the server waited until there was news, or its patience was over, and was not merely slow. */
    private boolean isHeldBack(Answer answer, Duration took) {
        return answer.saysThatItWaits() && took.compareTo(HELD_BACK) >= 0
                || took.compareTo(settings.timing().longPoll().dividedBy(2)) >= 0;
    }

    /** Equal content is the same manifest, which costs no parse (behaviour H4); with the same key it was verified before. */
    private Manifest.Text text(Client client, Known before, String key, Answer.Content content)
            throws FailedRead, InterruptedException {
        Body.requireManifest(content);
        Optional<Manifest.Text> same = before.text().filter(text -> Arrays.equals(text.content(), content.bytes()));
        if (settings.signer().isPresent() && !(same.isPresent() && key.equals(before.key()))) {
            Signer signer = settings.signer().get();
            signer.check(key, content.bytes(), signature(client, signer, content));
        }
        return same.orElseGet(() -> new Manifest.Text(target.origin(), content.bytes()));
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

    private Manifest failed(Known before, FailedRead why) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(); // nobody failed: what was under way was called off
        }
        Duration pause = pace.afterFailure(before.failures() + 1, why.retryAfter());
        known.set(before.failed(System.nanoTime() + pause.toNanos()));
        return new Manifest.Unreadable(target.origin(), String.valueOf(why.getMessage()));
    }
}

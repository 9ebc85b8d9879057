package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

import io.holdfast.runtime.RuntimeRefused;

/**
 * The image of sandboxes: one static program that waits. It is in this bundle and given to the Engine when that has none,
 * so that no registry is needed.
 */
final class PauseImage {

    static final String NAME = "io.holdfast/pause";
    static final String TAG = "1";
    static final String REFERENCE = NAME + ":" + TAG;

    private static final int BLOCK = 512;

    private final Engine engine;
    /** One at a time: of two that are made at once one would be left without a name. */
    private final Semaphore turn = new Semaphore(1);

    PauseImage(Engine engine) {
        this.engine = engine;
    }

    /** Returns when it is there. */
    void provide() throws InterruptedException {
        turn.acquire();
        try {
            if (engine.get("/images/" + REFERENCE + "/json").noSuch()) {
                engine.stream("POST", "/images/create" + Query.of("fromSrc", "-", "repo", NAME, "tag", TAG, "changes",
                        "ENTRYPOINT [\"/pause\"]"), new ByteArrayInputStream(tar(program(engine.version().arch()))),
                        Map.of("Content-Type", "application/x-tar"), body -> Json.each(body, Images::failIfError));
            }
        } finally {
            turn.release();
        }
    }

    /** @param arch as Go names it */
    static byte[] program(String arch) {
        try (InputStream in = PauseImage.class.getResourceAsStream("pause-" + arch)) {
            return Optional.ofNullable(in).orElseThrow(() -> new RuntimeRefused("no pause program for the architecture "
                    + arch + " is in this bundle; give Docker an image " + REFERENCE + " that waits until SIGTERM", null))
                    .readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An archive of one executable file. */
    static byte[] tar(byte[] program) {
        byte[] header = new byte[BLOCK];
        put(header, 0, "pause");
        put(header, 100, "0000755");
        put(header, 108, "0000000"); // owner
        put(header, 116, "0000000"); // group
        put(header, 124, String.format(Locale.ROOT, "%011o", program.length));
        put(header, 136, "00000000000"); // time
        put(header, 148, "        "); // the sum is made with blanks in its place
        put(header, 156, "0"); // a file
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte each : header) {
            sum += each;
        }
        put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.writeBytes(header);
        tar.writeBytes(Arrays.copyOf(program, (program.length + BLOCK - 1) / BLOCK * BLOCK));
        tar.writeBytes(new byte[2 * BLOCK]);
        return tar.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}

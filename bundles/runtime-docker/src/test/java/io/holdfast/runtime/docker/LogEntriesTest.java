package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;

import org.junit.jupiter.api.Test;

/** Docker's log stream becomes lines in CRI format. */
class LogEntriesTest {

    private static final String TIME = "2026-01-01T00:00:00.000000001Z";

    static byte[] frame(int stream, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(stream << 24);
        out.writeInt(text.getBytes(UTF_8).length);
        out.write(text.getBytes(UTF_8));
        return bytes.toByteArray();
    }

    private static String lines(byte[] stream, boolean terminal) throws IOException {
        LogEntries entries = new LogEntries(new ByteArrayInputStream(stream), terminal);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (var entry = entries.next(); entry != null; entry = entries.next()) {
            entry.write(out);
        }
        return out.toString(UTF_8);
    }

    private static byte[] frames(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] each : frames) {
            all.writeBytes(each);
        }
        return all.toByteArray();
    }

    @Test
    void eachFrameIsALineOfItsStream() throws Exception { // G2
        assertThat(lines(frames(frame(1, TIME + " hello wörld\n"), frame(2, TIME + " oops\n")), false))
                .isEqualTo(TIME + " stdout F hello wörld\n" + TIME + " stderr F oops\n");
    }

    @Test
    void aFrameWithoutLineEndIsAPart() throws Exception { // G2
        assertThat(lines(frames(frame(1, TIME + " long"), frame(1, TIME + " line\n")), false))
                .isEqualTo(TIME + " stdout P long\n" + TIME + " stdout F line\n");
    }

    @Test
    void anEmptyLineIsALine() throws Exception {
        assertThat(lines(frame(1, TIME + " \n"), false)).isEqualTo(TIME + " stdout F \n");
    }

    @Test
    void aTerminalHasNoFrames() throws Exception {
        assertThat(lines((TIME + " one\r\n" + TIME + " two\r\n").getBytes(UTF_8), true))
                .isEqualTo(TIME + " stdout F one\r\n" + TIME + " stdout F two\r\n");
    }

    @Test
    void aStreamThatBreaksOffWithinAnEntryIsNotItsEnd() throws Exception {
        byte[] whole = frame(1, TIME + " hello\n");
        assertThatThrownBy(() -> lines(java.util.Arrays.copyOf(whole, whole.length - 3), false))
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> lines(new byte[] {1, 0, 0}, false)).isInstanceOf(EOFException.class);
    }

    @Test
    void whatIsNoFrameIsAnError() {
        assertThatThrownBy(() -> lines("plain text, no frames\n".getBytes(UTF_8), false))
                .isInstanceOf(IOException.class).hasMessageContaining("a log entry of");
    }
}

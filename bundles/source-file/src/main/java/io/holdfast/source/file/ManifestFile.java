package io.holdfast.source.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.holdfast.source.Manifest;
import io.holdfast.source.Manifest.Text;
import io.holdfast.source.Manifest.Unreadable;
import io.holdfast.source.file.Look.Stamp;

/** Reads one manifest file; whatever is wrong with it is said in the result. */
final class ManifestFile {

    private ManifestFile() {
    }

    /** @param strict refuse a file that others may write: whoever can do so can run containers as root */
    static Manifest read(Path file, Stamp stamp, boolean strict) throws InterruptedException {
        String origin = origin(file);
        if (strict && stamp.othersMayWrite()) {
            return new Unreadable(origin, "group or others may write it (mode " + stamp.permissions()
                    + "), so they could run containers as root; remove that with chmod go-w");
        }
        if (stamp.size() > Text.MAX_BYTES) {
            return tooLarge(origin);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(Text.MAX_BYTES + 1);
            return content.length > Text.MAX_BYTES
                    ? tooLarge(origin)
                    : content.length == 0 ? new Unreadable(origin, "the file is empty") : new Text(origin, content);
        } catch (ClosedByInterruptException e) {
            throw (InterruptedException) new InterruptedException("while reading " + file).initCause(e);
        } catch (IOException e) {
            return new Unreadable(origin, Reasons.of(e));
        }
    }

    static String origin(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }

    private static Unreadable tooLarge(String origin) {
        return new Unreadable(origin, "larger than 10 MiB");
    }
}

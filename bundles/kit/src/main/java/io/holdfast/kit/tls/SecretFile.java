package io.holdfast.kit.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A small file that a setting names. Read each time it is needed, since such files are rotated. */
public final class SecretFile {

    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private SecretFile() {
    }

    /** @param key the setting that names the file */
    public static String read(String key, Path file) throws FileTrouble {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw trouble(key, file, "larger than 4 MiB");
            }
            return new String(content, ISO_8859_1);
        } catch (FileTrouble e) {
            throw e;
        } catch (IOException e) {
            throw trouble(key, file, reason(e));
        }
    }

    /** A bearer token: all that is in the file, but for white space around it. */
    public static String token(String key, Path file) throws FileTrouble {
        String token = read(key, file).strip();
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw trouble(key, file, token.isEmpty() ? "it is empty" : "it holds more than one token");
        }
        return token;
    }

    private static FileTrouble trouble(String key, Path file, String reason) {
        return new FileTrouble(key + " " + file + ": " + reason);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such file";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}

package io.holdfast.source.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import io.holdfast.source.Manifest;

/** Tells a complete body from what only looks like one: an empty or truncated body removes no pod (behaviour H3). */
final class Body {

    static final String TOO_LARGE = "the answer is larger than 10 MiB";
    /** UTF-8's mark, byte by byte. */
    private static final String BOM = "\u00EF\u00BB\u00BF";
    private static final int ENOUGH_TO_TELL = 512;
    static final String OF_UNKNOWN_LENGTH = "the answer says neither how long it is (Content-Length) nor where it ends "
            + "(chunked), so that it could be cut short without a trace";
    private static final Set<String> NOTHING = Set.of("", "---", "...", "~", "null", "Null", "NULL");

    private Body() {
    }

    /** The content as its author wrote it. */
    static byte[] of(HttpResponse<InputStream> answer) throws IOException {
        HttpHeaders headers = answer.headers();
        if (!saysWhereItEnds(headers)) {
            throw new FailedRead(OF_UNKNOWN_LENGTH);
        }
        return decoded(answer.body(), headers.firstValue("Content-Encoding").orElse("identity"));
    }

    /** Just one way, just once: of two lengths, one is wrong. */
    private static boolean saysWhereItEnds(HttpHeaders headers) {
        List<String> encodings = headers.allValues("Transfer-Encoding");
        List<String> lengths = headers.allValues("Content-Length");
        return encodings.size() + lengths.size() == 1 && (encodings.isEmpty() ? lengths.getFirst().matches("[0-9]+")
                : encodings.getFirst().equalsIgnoreCase("chunked"));
    }

    /** @throws FailedRead there is nothing in it, or it is a page for people */
    static void requireManifest(Answer.Content answer) throws FailedRead {
        String type = answer.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (type.startsWith("text/html") || type.startsWith("application/xhtml") || startsLikeHtml(answer.bytes())) {
            throw new FailedRead("the answer is an HTML page, such as that of a login or a proxy, and no manifest");
        }
        if (isEmpty(answer.bytes())) {
            throw new FailedRead("the answer is empty; to remove all pods, answer with an empty list, items: []");
        }
    }

    /** Whether there is nothing in it but blanks, comments, directives, marks between documents and null. */
    private static boolean isEmpty(byte[] content) {
        return new BufferedReader(new InputStreamReader(new ByteArrayInputStream(content), ISO_8859_1)).lines()
                .map(line -> line.replace(BOM, "")).filter(line -> !line.startsWith("%"))
                .flatMap(line -> Stream.of(line.replaceFirst("(^|\\s)#.*", "").split("\\s+"))).allMatch(NOTHING::contains);
    }

    private static byte[] decoded(InputStream body, String encoding) throws IOException {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "identity", "" -> body.readAllBytes();
            case "gzip", "x-gzip" -> unzipped(body);
            default -> throw new FailedRead("the answer has a Content-Encoding other than gzip, which was not asked for");
        };
    }

    private static byte[] unzipped(InputStream body) throws FailedRead {
        try (GZIPInputStream in = new GZIPInputStream(body)) {
            byte[] content = in.readNBytes(Manifest.Text.MAX_BYTES + 1);
            if (content.length > Manifest.Text.MAX_BYTES) {
                throw new FailedRead(TOO_LARGE);
            }
            return content;
        } catch (FailedRead e) {
            throw e;
        } catch (EOFException _) {
            throw new FailedRead("the answer was cut short: its gzip ends early");
        } catch (IOException _) {
            throw new FailedRead("the answer says that it is gzip, and is not");
        }
    }

    private static boolean startsLikeHtml(byte[] content) {
        String start = new String(content, 0, Math.min(content.length, ENOUGH_TO_TELL), ISO_8859_1)
                .replace(BOM, "").strip().toLowerCase(Locale.ROOT);
        return Stream.of("<!", "<html", "<head", "<?xml").anyMatch(start::startsWith);
    }
}

package io.holdfast.manifest;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Tree.Place;
import io.holdfast.source.Manifest;

/**
 * The documents in one text.
 *
 * @param broken why the text cannot be read from some place on, or null
 */
record Documents(List<Document> list, @Nullable Fault broken) {

    /**
     * @param prefix what stands before the paths in here, such as {@code items[3].}
     * @param faults what the reader found, with full paths
     */
    record Document(Tree root, String prefix, List<Fault> faults) {
    }

    static Documents read(byte[] content) {
        List<Document> documents = new ArrayList<>();
        Fault broken = null;
        try {
            String text = decode(content);
            if (text.stripLeading().startsWith("{")) {
                JsonReader.read(text, documents);
            } else {
                new YamlReader(text).read(documents);
            }
        } catch (BadText e) {
            broken = e.fault();
        }
        return new Documents(documents.stream().flatMap(d -> Lists.items(d).stream()).toList(), broken);
    }

    private static String decode(byte[] content) {
        if (content.length > Manifest.Text.MAX_BYTES) {
            throw new BadText(Place.UNKNOWN, "is larger than 10 MiB");
        }
        String text = new String(content, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            requireUtf8(content);
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static void requireUtf8(byte[] content) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(content);
        CharBuffer out = CharBuffer.allocate(content.length + 1);
        if (decoder.decode(in, out, true).isError()) {
            String before = out.flip().toString();
            int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
            throw new BadText(new Place(line, before.length() - before.lastIndexOf('\n')),
                    "is not UTF-8 at byte " + in.position());
        }
    }
}

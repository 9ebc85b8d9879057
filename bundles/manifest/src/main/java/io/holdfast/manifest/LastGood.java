package io.holdfast.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.core.JsonGenerator;

import io.holdfast.manifest.Origin.KeptObject;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.DesiredPod;

/**
 * What was last good of each source in a file of its own, such as {@code file~main.json}:
 * {@code {"sha256":"…","content":{"source":"file~main","pods":[{"origin":…,"seen":…,"pod":{…}}],"objects":[{"origin":…,
 * "kind":…,"namespace":…,"name":…,"type":…,"data":{…}}]}}}. One with neither is of a source that was taken away.
 */
final class LastGood {

    private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);
    private static final String BEFORE_SUM = "{\"sha256\":\"";
    private static final String AFTER_SUM = "\",\"content\":";
    private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs");
    private static final int SUM = 64;
    private static final int CONTENT = BEFORE_SUM.length() + SUM + AFTER_SUM.length();

    private final Path directory;
    private final boolean inMemory;

    LastGood(Path directory) {
        this(directory, false);
    }

    private LastGood(Path directory, boolean inMemory) {
        this.directory = directory;
        this.inMemory = inMemory;
    }

    /** For what must never be on a disk: saves nothing in a directory that is. */
    static LastGood inMemory(Path directory) {
        return new LastGood(directory, true);
    }

    /** By source and origin, no origins when it was taken away; what cannot be used is put aside with a warning. */
    Map<String, Map<String, Origin>> load() {
        Map<String, Map<String, Origin>> sources = new TreeMap<>();
        try {
            read(sources, LastGood::putAside);
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("cannot read last good manifests: {}", e.toString());
        }
        return sources;
    }

    /** As {@link #load}, for those who only look: what cannot be used is passed over and stays where it is. */
    Map<String, Map<String, Origin>> look() throws IOException {
        Map<String, Map<String, Origin>> sources = new TreeMap<>();
        try {
            read(sources, (file, why) -> LOG.warn("{} is corrupt ({}), passed over", file, why));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return sources;
    }

    private interface Corrupt {
        void found(Path file, @Nullable String why) throws IOException;
    }

    private void read(Map<String, Map<String, Origin>> sources, Corrupt corrupt) throws IOException {
        DirectoryStream<Path> files;
        try {
            files = Files.newDirectoryStream(directory, "*.json");
        } catch (NoSuchFileException e) {
            return; // the first start here
        }
        try (files) {
            for (Path file : files) {
                read(file, sources, corrupt);
            }
        }
    }

    private static void read(Path file, Map<String, Map<String, Origin>> sources, Corrupt corrupt) throws IOException {
        try {
            Tree.Obj content = content(Files.readAllBytes(file));
            String source = content.text("source");
            if (source == null) {
                throw new BadText(Tree.Place.UNKNOWN, "no source");
            }
            Map<String, List<DesiredPod>> pods = new HashMap<>();
            Map<String, List<KeptObject>> objects = new HashMap<>();
            Instant seen = Files.getLastModifiedTime(file).toInstant();
            List<Tree.Obj> podEntries = content.objects("pods");
            List<Tree.Obj> objectEntries = content.objects("objects");
            podEntries.forEach(entry -> restore(source, entry, pods));
            objectEntries.forEach(entry -> restore(source, entry, seen, objects));
            Map<String, Origin> origins = new HashMap<>();
            pods.forEach((name, list) -> origins.put(name,
                    new Origin(name, null, List.copyOf(list), List.of(), List.of())));
            objects.forEach((name, list) -> origins.merge(name,
                    new Origin(name, null, List.of(), List.copyOf(list), List.of()), Origin::and));
            // what cannot be used was not taken away
            if ((podEntries.isEmpty() && objectEntries.isEmpty()) || !origins.isEmpty()) {
                sources.put(source, origins);
            }
        } catch (NoSuchFileException e) {
            // its source was forgotten just now
        } catch (RuntimeException e) {
            corrupt.found(file, e.getMessage());
        }
    }

    private static void putAside(Path file, @Nullable String why) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".corrupt");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.warn("{} is corrupt ({}), kept as {}; the pods in it start when their source reports", file, why,
                aside.getFileName());
    }

    private static Tree.Obj content(byte[] file) {
        String text = new String(file, UTF_8);
        boolean framed = text.length() > CONTENT + 1 && text.startsWith(BEFORE_SUM)
                && text.startsWith(AFTER_SUM, BEFORE_SUM.length() + SUM) && text.endsWith("}\n");
        if (!framed) {
            throw new BadText(Tree.Place.UNKNOWN, "not a complete file");
        }
        String content = text.substring(CONTENT, text.length() - 2);
        if (!sum(content).equals(text.substring(BEFORE_SUM.length(), BEFORE_SUM.length() + SUM))) {
            throw new BadText(Tree.Place.UNKNOWN, "wrong checksum");
        }
        List<Documents.Document> documents = new ArrayList<>();
        JsonReader.read(content, documents);
        return documents.size() == 1 && documents.getFirst().root() instanceof Tree.Obj o ? o
                : new Tree.Obj(Tree.Place.UNKNOWN);
    }

    private static void restore(String source, Tree.Obj entry, Map<String, List<DesiredPod>> pods) {
        String origin = String.valueOf(entry.text("origin"));
        try {
            Instant seen = seen(String.valueOf(entry.text("seen")));
            Reading.ReadPod read = PodReader.restore(entry.object("pod"), seen);
            pods.computeIfAbsent(origin, o -> new ArrayList<>())
                    .add(new DesiredPod(read.pod(), read.json(), source, origin, seen, null, null, List.of()));
        } catch (IllegalArgumentException | DateTimeException e) {
            LOG.warn("a last good pod of {} cannot be used source={}: {}", origin, source, e.getMessage());
        }
    }

    private static void restore(String source, Tree.Obj entry, Instant seen, Map<String, List<KeptObject>> objects) {
        try {
            KeptObject object = ObjectJson.restore(source, entry, seen);
            objects.computeIfAbsent(object.object().origin(), o -> new ArrayList<>()).add(object);
        } catch (IllegalArgumentException e) { // without its message, which may tell a value
            LOG.warn("a last good {} of {} cannot be used source={}", entry.text("kind"), entry.text("origin"), source);
        }
    }

    /** Seconds and nanoseconds since 1970: parsing a date would cost a fresh JVM tens of milliseconds. */
    private static Instant seen(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("no time: '" + text + "'");
        }
        return Instant.ofEpochSecond(Long.parseLong(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1)));
    }

    /** Nothing is known any more. */
    void remove(String source) throws IOException {
        Files.deleteIfExists(directory.resolve(fileName(source)));
    }

    /** Neither pods nor objects keep in mind that the source was taken away for good. */
    void save(String source, List<DesiredPod> pods, List<ConfigObject> objects) throws IOException {
        Path file = directory.resolve(fileName(source));
        Files.createDirectories(directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        requireMemory();
        Path draft = directory.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        String content = write(source, pods, objects);
        byte[] bytes = (BEFORE_SUM + sum(content) + AFTER_SUM + content + "}\n").getBytes(UTF_8);
        try (FileChannel out = FileChannel.open(draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining();) {
                out.write(left);
            }
            out.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            parent.force(true);
        }
    }

    private void requireMemory() throws IOException {
        String type = Files.getFileStore(directory).type();
        if (inMemory && !MEMORY.contains(type)) {
            throw new IOException(directory + " is on " + type + ", and they must be in memory: use a directory on tmpfs");
        }
    }

    private static String write(String source, List<DesiredPod> pods, List<ConfigObject> objects) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = Json.FACTORY.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("source", source);
            out.writeArrayFieldStart("pods");
            for (DesiredPod pod : pods) {
                out.writeRaw('\n'); // a line each, for people
                out.writeStartObject();
                out.writeStringField("origin", pod.origin());
                out.writeStringField("seen", pod.seen().getEpochSecond() + "." + pod.seen().getNano());
                out.writeFieldName("pod");
                out.writeRawValue(pod.json());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeArrayFieldStart("objects");
            for (ConfigObject object : objects) {
                out.writeRaw('\n');
                ObjectJson.write(object, out);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return text.toString();
    }

    /** Readable, and never a path. */
    static String fileName(String source) {
        StringBuilder name = new StringBuilder();
        for (byte b : source.getBytes(UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '~'
                    || c == '-' || c == '_' || (c == '.' && !name.isEmpty());
            name.append(plain ? "" + c : "%" + HexFormat.of().withUpperCase().toHexDigits(b));
        }
        return name + ".json";
    }

    private static String sum(String content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

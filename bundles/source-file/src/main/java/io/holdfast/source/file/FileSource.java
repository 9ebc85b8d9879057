package io.holdfast.source.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

import io.holdfast.cell.Cell;
import io.holdfast.config.ConfigKeys;
import io.holdfast.source.FileNames;
import io.holdfast.source.Manifest;
import io.holdfast.source.ManifestSink;
import io.holdfast.source.ManifestSource;

/** Manifests from one directory or one file (behaviours F1 to F9). */
@Component(configurationPid = FileSource.PID, configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true)
@Designate(ocd = FileSource.Config.class, factory = true)
public final class FileSource implements ManifestSource {

    static final String PID = "io.holdfast.source.file";

    /** Whether the directory is still the same one is asked this often; no notice tells of a renamed directory. */
    private static final long PRESENCE_NANOS = Duration.ofMillis(500).toNanos();

    /** A first reading waits this long for files that are being written just now. */
    private static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();

    @ObjectClassDefinition(name = "Holdfast file source")
    @interface Config {

        @AttributeDefinition(description = "A directory, or one file")
        String path();

        @AttributeDefinition(description = "Names in the directory that count, by their ends; * is any")
        String[] extensions() default {".yaml", ".yml", ".json"};

        @AttributeDefinition(description = "Seconds between full readings, beside the kernel's notices")
        int rescan() default 20;

        @AttributeDefinition(description = "Milliseconds for which a file written in place must be quiet")
        int settle() default 25;

        @AttributeDefinition(description = "Refuse what group or others may write, instead of warning")
        boolean strict() default false;
    }

    /** @param held whether the last reading had manifests */
    private record LastPlace(Object key, boolean held) {
    }

    private final Path path;
    private final FileNames names;
    private final Patience patience;
    private final long rescanNanos;
    private final boolean strict;
    private final Cell<Optional<LastPlace>> last = new Cell<>(Optional.empty());

    @Activate
    public FileSource(Config config, Map<String, Object> properties) {
        ConfigKeys.check(properties, Config.class);
        String name = ManifestSource.nameOf(properties);
        require(config.path() != null && !config.path().isBlank(), name, "path", "a directory or a file");
        require(config.rescan() > 0, name, "rescan", "seconds, 1 or more");
        require(config.settle() >= 0, name, "settle", "milliseconds, 0 or more");
        this.path = Path.of(config.path().strip()).toAbsolutePath();
        this.names = new FileNames(extensions(config));
        this.patience = new Patience(Duration.ofMillis(config.settle()));
        this.rescanNanos = Duration.ofSeconds(config.rescan()).toNanos();
        this.strict = config.strict();
    }

    @Override
    public void watch(ManifestSink to) throws IOException, InterruptedException {
        Place place = Place.open(path, names);
        try (DirectoryWatch notices = new DirectoryWatch(place.directory())) {
            Reading reading = new Reading(place, patience, strict);
            readFirst(place, notices, reading);
            report(place, reading.manifestsAndDoubts(), to);
            follow(place, notices, reading, to);
        }
    }

    private void readFirst(Place place, DirectoryWatch notices, Reading reading)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + FIRST_NANOS;
        reading.lookAtAll();
        while (reading.inDoubt() && until - System.nanoTime() > 0) {
            Touched touched = notices.next(reading.nanosUntilDue(until - System.nanoTime()));
            reading.lookAt(touched.names());
            reading.settle();
        }
        place.check();
        LastPlace before = last.value().orElse(null);
        if (before != null && before.held() && !before.key().equals(place.key())
                && reading.manifestsAndDoubts().isEmpty()) {
            throw new IOException(path + ": another directory has taken its place, and it is empty (was something "
                    + "unmounted?); its pods stay as they are until there is a manifest in it");
        }
    }

    private void follow(Place place, DirectoryWatch notices, Reading reading, ManifestSink to)
            throws IOException, InterruptedException {
        long rescan = System.nanoTime() + rescanNanos;
        while (true) {
            long most = Math.clamp(rescan - System.nanoTime(), 0, PRESENCE_NANOS);
            Touched touched = notices.next(reading.nanosUntilDue(most));
            boolean all = touched.lost() || rescan - System.nanoTime() <= 0;
            reading.lookAt(touched.names());
            if (all) {
                reading.lookAtAll();
                rescan = System.nanoTime() + rescanNanos;
            }
            reading.settle();
            place.check(); // or else what is missing now was not deleted
            if (reading.changed() || all) {
                report(place, reading.manifests(), to);
            }
        }
    }

    private void report(Place place, List<Manifest> manifests, ManifestSink to) {
        last.set(Optional.of(new LastPlace(place.key(), !manifests.isEmpty())));
        to.replace(manifests);
    }

    /** File Install hands over a list as one string. */
    private static List<String> extensions(Config config) {
        return Arrays.stream(config.extensions()).flatMap(e -> Arrays.stream(e.split(","))).map(String::strip)
                .filter(e -> !e.isEmpty()).toList();
    }

    private static void require(boolean good, String name, String key, String expected) {
        if (!good) {
            throw new IllegalArgumentException("io.holdfast.source." + name + ": '" + key + "' must be " + expected);
        }
    }
}

package ${package};

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

import io.holdfast.config.ConfigKeys;
import io.holdfast.source.Manifest;
import io.holdfast.source.ManifestSink;
import io.holdfast.source.ManifestSource;

/**
 * Runs a command again and again; what it prints are the manifests, several of them with {@code ---} between. A command
 * that fails, hangs or prints nothing has failed, and the pods stay as they are; {@code ---} alone says: no pods.
 */
@Component(configurationPid = CommandSource.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class CommandSource implements ManifestSource {

    /** Configured by files PID~NAME.cfg, any number; the agent then calls the source ${artifactId}~NAME. */
    static final String PID = "io.holdfast.source.${artifactId}";

    /** The keys of the configuration. */
    @interface Config {

        /** For {@code sh -c}. */
        String command();

        /** Seconds from one run to the next. */
        int period() default 10;

        /** Seconds that a run may take. */
        int timeout() default 30;
    }

    private static final Pattern SEPARATOR = Pattern.compile("(?m)(^|\\R)---.*(\\R|$)");

    private final String command;
    private final Duration period;
    private final Duration timeout;
    private volatile long next = System.nanoTime();

    @Activate
    public CommandSource(Config config, Map<String, Object> properties) {
        ConfigKeys.check(properties, Config.class); // so that a misspelt key is an error, and not a missing one
        this(config.command(), Duration.ofSeconds(config.period()), Duration.ofSeconds(config.timeout()));
    }

    CommandSource(String command, Duration period, Duration timeout) {
        if (command == null || command.isBlank() || !period.isPositive() || !timeout.isPositive()) {
            throw new IllegalArgumentException("'command' must be there, 'period' and 'timeout' 1 or more seconds");
        }
        this.command = command;
        this.period = period;
        this.timeout = timeout;
    }

    @Override
    public void watch(ManifestSink sink) throws IOException, InterruptedException {
        Map<String, Manifest> last = Map.of();
        while (true) {
            // Kept over calls: the agent calls again within a second after this has thrown.
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            next = System.nanoTime() + period.toNanos();
            last = manifests(run(), last);
            sink.replace(List.copyOf(last.values()));
        }
    }

    /** What did not change since the last run is the same object again, which the agent then need not read again. */
    private static Map<String, Manifest> manifests(String printed, Map<String, Manifest> last) {
        Map<String, Manifest> now = new LinkedHashMap<>();
        for (String text : SEPARATOR.split(printed)) {
            if (!text.isBlank()) {
                String origin = "output-" + (now.size() + 1);
                String key = origin + text;
                now.put(key, last.getOrDefault(key, new Manifest.Text(origin, text.getBytes(UTF_8))));
            }
        }
        return now;
    }

    private String run() throws IOException, InterruptedException {
        Path out = Files.createTempFile("${artifactId}", ".out"); // files, for no interrupt ends reading from a pipe
        Path err = Files.createTempFile("${artifactId}", ".err");
        try {
            return run(out, err);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private String run(Path out, Path err) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command).redirectOutput(out.toFile())
                .redirectError(err.toFile()).start();
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(command + ": still running after " + timeout.toSeconds() + " s");
            }
            String printed = Files.readString(out);
            if (process.exitValue() != 0 || printed.isBlank()) {
                throw new IOException(command + ": exit code " + process.exitValue() + ", "
                        + (printed.isBlank() ? "nothing printed" : "what it printed does not count") + "; "
                        + Files.readString(err).strip());
            }
            return printed;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}

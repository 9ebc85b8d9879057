package io.holdfast.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration is what stands in the folder: PID.cfg, and PID~NAME.cfg for one of many. File Install could do
 * this, but not the names with a tilde, and it would take seconds to see a change.
 */
final class ConfigFolder implements Runnable {

    private static final String SUFFIX = ".cfg";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");

    /** How long a folder must be quiet: editors write in several steps. */
    private static final long SETTLE_MILLIS = 50;
    private static final long ABSENT_MILLIS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(ConfigFolder.class);

    private final Path folder;
    private final ConfigurationAdmin admin;
    private final Map<String, Map<String, Object>> current = new HashMap<>();
    private final Set<String> troubled = new HashSet<>();

    ConfigFolder(Path folder, ConfigurationAdmin admin) {
        this.folder = folder;
        this.admin = admin;
    }

    /** Reads all and takes over what has changed; a file that can't be read leaves things as they are. */
    void read() throws IOException {
        Set<String> found = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[!.]*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String pid = name.substring(0, name.length() - SUFFIX.length());
                found.add(pid);
                readOne(pid, file);
            }
        }
        for (String pid : Set.copyOf(current.keySet())) {
            if (!found.contains(pid)) {
                current.remove(pid);
                configuration(pid).delete();
                log.info("{} is gone from {}", pid + SUFFIX, folder);
            }
        }
    }

    @SuppressWarnings("JdkObsolete") // Config Admin is as old as Hashtable
    private void readOne(String pid, Path file) throws IOException {
        try {
            Map<String, Object> properties = properties(file);
            troubled.remove(pid);
            if (!properties.equals(current.put(pid, properties))) {
                configuration(pid).updateIfDifferent(new Hashtable<>(properties));
            }
        } catch (IOException | IllegalArgumentException e) {
            if (troubled.add(pid)) {
                log.error("cannot read {}: {}; {}", file, e.getMessage(),
                        current.containsKey(pid) ? "what it said before stands" : "there is no such configuration");
            }
        }
    }

    private static Map<String, Object> properties(Path file) throws IOException {
        Properties read = new Properties();
        try (Reader in = Files.newBufferedReader(file, UTF_8)) {
            read.load(in);
        }
        Map<String, Object> properties = new HashMap<>();
        for (String key : read.stringPropertyNames()) {
            properties.put(key, VARIABLE.matcher(read.getProperty(key)).replaceAll(ConfigFolder::value).trim());
        }
        return properties;
    }

    private static String value(MatchResult variable) {
        return Matcher.quoteReplacement(System.getProperty(variable.group(1), variable.group()));
    }

    private Configuration configuration(String pid) throws IOException {
        int tilde = pid.indexOf('~');
        return tilde < 0 ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?");
    }

    /** Watches until interrupted. */
    @Override
    public void run() {
        try {
            while (true) {
                try (WatchService watch = folder.getFileSystem().newWatchService()) {
                    folder.register(watch, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
                    follow(watch);
                } catch (IOException e) {
                    if (troubled.add(folder.toString())) {
                        log.warn("cannot read {}: {}; what it said before stands", folder, e.toString());
                    }
                }
                Thread.sleep(ABSENT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(WatchService watch) throws IOException, InterruptedException {
        boolean there = true;
        while (there) {
            read();
            troubled.remove(folder.toString());
            WatchKey key = watch.take();
            do {
                key.pollEvents();
                there = key.reset();
            } while (there && watch.poll(SETTLE_MILLIS, TimeUnit.MILLISECONDS) != null);
        }
    }
}

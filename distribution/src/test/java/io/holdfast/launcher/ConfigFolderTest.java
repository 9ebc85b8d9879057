package io.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class ConfigFolderTest {

    /** What Config Admin holds: properties by PID. */
    private final Map<String, Map<String, Object>> held = new TreeMap<>();
    private final ConfigFolder configs;
    private final Path folder;

    ConfigFolderTest(@TempDir Path folder) {
        this.folder = folder;
        this.configs = new ConfigFolder(folder, admin());
    }

    @BeforeEach
    void setHome() {
        System.setProperty("holdfast.home", "/srv/with\\backslash$1");
    }

    @AfterEach
    void clearHome() {
        System.clearProperty("holdfast.home");
    }

    @Test
    void aFileIsAConfigurationAndOneWithATildeIsOneOfMany() throws IOException {
        write("a.node.cfg", "name = n1");
        write("a.source~main.cfg", "path = /x");

        configs.read();

        assertThat(held).isEqualTo(Map.of("a.node", Map.of("name", "n1"), "a.source#main", Map.of("path", "/x")));
    }

    @Test
    void variablesAreReplacedAndUnknownOnesStand() throws IOException {
        write("a.cfg", "path = ${holdfast.home}/manifests/${nobody}");

        configs.read();

        assertThat(held.get("a")).containsEntry("path", "/srv/with\\backslash$1/manifests/${nobody}");
    }

    @Test
    void otherFilesAreIgnored() throws IOException {
        write("a.cfg~", "x=1");
        write(".a.cfg", "x=1");
        write("a.txt", "x=1");

        configs.read();

        assertThat(held).isEmpty();
    }

    @Test
    void whatIsGoneFromTheFolderIsNoLongerConfigured() throws IOException {
        write("a~one.cfg", "x=1");
        write("a~two.cfg", "x=2");
        configs.read();

        Files.delete(folder.resolve("a~one.cfg"));
        configs.read();

        assertThat(held).containsOnlyKeys("a#two");
    }

    @Test
    void aFileThatCannotBeReadLeavesWhatItSaidBefore() throws IOException {
        write("a.cfg", "x=1");
        configs.read();

        write("a.cfg", "x=\\uZZZZ");
        configs.read();

        assertThat(held.get("a")).containsEntry("x", "1");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private ConfigurationAdmin admin() {
        return fake(ConfigurationAdmin.class, (name, args) -> switch (name) {
            case "getConfiguration" -> configuration((String) args[0]);
            case "getFactoryConfiguration" -> configuration(args[0] + "#" + args[1]);
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private Configuration configuration(String key) {
        return fake(Configuration.class, (name, args) -> switch (name) {
            case "updateIfDifferent" -> {
                Dictionary<?, ?> properties = (Dictionary<?, ?>) args[0];
                Map<String, Object> copy = new HashMap<>();
                Collections.list(properties.keys()).forEach(k -> copy.put((String) k, properties.get(k)));
                held.put(key, copy);
                yield true;
            }
            case "delete" -> held.remove(key);
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private interface Call {
        @Nullable
        Object on(String name, Object[] args);
    }

    private static <T> T fake(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, args) -> call.on(method.getName(), args)));
    }
}

package io.holdfast.source.file;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/** A directory of manifests, and sources that read it. */
record Folder(Path path) {

    Path write(String name, String content) throws IOException {
        return Files.writeString(path.resolve(name), content);
    }

    /** As a careful writer does it. */
    Path rename(String name, String content) throws IOException {
        Path hidden = Files.writeString(path.resolve("." + name + ".new"), content);
        return Files.move(hidden, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    void delete(String name) throws IOException {
        Files.delete(path.resolve(name));
    }

    FileSource source() {
        return source(Map.of());
    }

    FileSource source(Map<String, Object> more) {
        return source(path, more);
    }

    static FileSource source(Path path, Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(
                Map.of("service.pid", "io.holdfast.source.file~main", "path", path.toString()));
        properties.putAll(more);
        return new FileSource(config(properties), properties);
    }

    private static FileSource.Config config(Map<String, Object> values) {
        return (FileSource.Config) Proxy.newProxyInstance(FileSource.class.getClassLoader(),
                new Class<?>[] {FileSource.Config.class},
                (_, method, _) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}

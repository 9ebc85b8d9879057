package io.holdfast.source.git;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Sources as a configuration makes them, but for a period that a test can wait for. */
final class Sources {

    static final Duration PERIOD = Duration.ofMillis(50);

    private Sources() {
    }

    static GitSource source(JGit git, Map<String, Object> configuration) {
        return source(git, configuration, PERIOD);
    }

    static GitSource source(JGit git, Map<String, Object> configuration, Duration period) {
        Settings s = settings(configuration);
        return new GitSource(git, new Settings(s.repository(), s.folder(), s.branch(), period, s.timeout(), s.tokenFile(),
                s.username()));
    }

    static Settings settings(Map<String, Object> configuration) {
        Map<String, Object> properties = new HashMap<>(Map.of("service.pid", "io.holdfast.source.git~pods"));
        properties.putAll(configuration);
        return Settings.of(config(properties), properties);
    }

    static GitSource.Config config(Map<String, Object> values) {
        return (GitSource.Config) Proxy.newProxyInstance(GitSource.class.getClassLoader(),
                new Class<?>[] {GitSource.Config.class},
                (_, method, _) -> values.getOrDefault(method.getName().replace('_', '.'), method.getDefaultValue()));
    }
}

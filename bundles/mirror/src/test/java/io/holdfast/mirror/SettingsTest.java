package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {

    @Test
    void what_is_not_said_has_defaults() {
        assertThat(read(Map.of())).isEqualTo(new Settings(true, Map.of(),
                List.of(new NodeObject.Taint("holdfast.io/static-only", "", "NoSchedule")), Duration.ofSeconds(40)));
    }

    @Test
    void labels_and_taints_are_lists() {
        Settings settings = read(Map.of("node.labels", "rack=r7, example.com/zone=",
                "node.taints", "a=b:NoExecute,c:PreferNoSchedule", "register.node", false));
        assertThat(settings.labels()).isEqualTo(Map.of("rack", "r7", "example.com/zone", ""));
        assertThat(settings.taints()).containsExactly(new NodeObject.Taint("a", "b", "NoExecute"),
                new NodeObject.Taint("c", "", "PreferNoSchedule"));
        assertThat(settings.register()).isFalse();
        assertThat(read(Map.of("node.taints", "")).taints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            node.labels   | rack       | 'node.labels' must be key=value, separated by commas; 'rack' is not
            node.labels   | a=b c      | 'node.labels' must be key=value, separated by commas; 'a=b c' is not
            node.taints   | a=b:Never  | 'node.taints' must be key=value:NoSchedule (or PreferNoSchedule, NoExecute), separated by commas; 'a=b:Never' is not
            lease.seconds | 7          | 'lease.seconds' must be seconds, 8 or more; it is 7
            kubeconfg     | /x         | cannot read 'kubeconfg'; did you mean 'kubeconfig'?
            """)
    void what_is_wrong_is_said(String key, String value, String message) {
        assertThatThrownBy(() -> read(Map.of(key, value))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("io.holdfast.mirror: " + message);
    }

    private static Settings read(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("service.pid", Settings.PID);
        return Settings.read(config(properties), all);
    }

    /** As Declarative Services makes it of the properties. */
    private static MirrorConfig config(Map<String, Object> properties) {
        return (MirrorConfig) Proxy.newProxyInstance(MirrorConfig.class.getClassLoader(),
                new Class<?>[] {MirrorConfig.class}, (_, method, _) -> {
                    Object value = properties.get(method.getName().replace('_', '.'));
                    Object byDefault = method.getDefaultValue();
                    return switch (byDefault) {
                        case String[] _ when value instanceof String text -> new String[] {text};
                        case Integer _ when value instanceof String text -> Integer.valueOf(text);
                        default -> value == null ? byDefault : value;
                    };
                });
    }
}

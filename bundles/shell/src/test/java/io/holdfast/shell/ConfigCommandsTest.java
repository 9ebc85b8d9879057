package io.holdfast.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import io.holdfast.cell.Cell;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;
import io.holdfast.source.DesiredPods;

final class ConfigCommandsTest {

    private static String list(String output, ConfigObject... objects) {
        Cell<DesiredPods.Snapshot> cell = new Cell<>(new DesiredPods.Snapshot(Map.of(), Set.of(),
                Arrays.stream(objects).collect(Collectors.toMap(ConfigObject::key, Function.identity()))));
        Agent agent = new Agent();
        agent.desired = new DesiredPods() {
            @Override
            public Cell.Versioned<Snapshot> current() {
                return cell.current();
            }

            @Override
            public Cell.Versioned<Snapshot> after(long version) throws InterruptedException {
                return cell.after(version);
            }
        };
        return new ConfigCommands(agent).list(output);
    }

    @Test
    void objects_are_listed_without_what_they_hold() {
        ConfigObject secret = new ConfigObject(new Key(Kind.Secret, "default", "tls"), "Opaque",
                Map.of("word", ConfigObject.Value.of("hunter2")), "file~main", "tls.yaml");
        ConfigObject map = new ConfigObject(new Key(Kind.ConfigMap, "default", "web"), "", Map.of(), "file~main", "web.yaml");
        assertThat(list("", secret, map)).isEqualTo("""
                NAMESPACE   KIND        NAME   KEYS   SOURCE      ORIGIN
                default     ConfigMap   web    0      file~main   web.yaml
                default     Secret      tls    1      file~main   tls.yaml
                """);
        assertThat(list("json", secret)).contains("\"tls\"").doesNotContain("hunter2");
        assertThat(list("")).isEqualTo("No ConfigMaps and no Secrets; they come from manifests, as pods do.\n");
    }
}

package io.holdfast.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileNamesTest {

    private final FileNames any = new FileNames(List.of("*"));

    @ParameterizedTest // F2
    @ValueSource(strings = {"web.yaml", "web.yml", "web.json", "a b.yaml", "#1.yaml"})
    void manifests(String name) {
        assertThat(FileNames.USUAL.isManifest(name)).isTrue();
    }

    @ParameterizedTest // F2
    @ValueSource(strings = {"README", "web.yaml.new", "web.YAML.txt", "yaml"})
    void other_files_count_only_when_any_extension_does(String name) {
        assertThat(FileNames.USUAL.isManifest(name)).isFalse();
        assertThat(any.isManifest(name)).isTrue();
    }

    @ParameterizedTest // F2
    @ValueSource(strings = {".web.yaml", "web.yaml~", "#web.yaml#", ".#web.yaml", ".web.yaml.swp", "web.yaml.swp",
            "web.yaml.bak", "web.yaml.tmp", "4913", ".web.yaml.swx"})
    void leftovers_never_count(String name) {
        assertThat(any.isManifest(name)).isFalse();
    }
}

package io.holdfast.kit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest { // C9

    @ParameterizedTest
    @CsvSource({ "busybox, docker.io/library/busybox", "busybox:1.36, docker.io/library/busybox", "me/web, docker.io/me/web",
            "index.docker.io/me/web, docker.io/me/web", "localhost/a:1, localhost/a", "localhost:5000/a/b, localhost:5000/a/b",
            "R.Example.com/a__b/c-d.e:V1, R.Example.com/a__b/c-d.e", "[::1]:5000/a, [::1]:5000/a",
            "r.io/a@sha256:0123456789012345678901234567890123456789012345678901234567890123, r.io/a",
            "r.io/a:1@sha256:0123456789012345678901234567890123456789012345678901234567890123, r.io/a" })
    void aReferenceNamesARegistryAndARepository(String reference, String name) {
        assertThat(ImageName.of(reference)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "Web", "me/Web:1", "a b", "a:", "a:tag:more", "/a", "a/", "a@sha256:12", "https://r.io/a", "a:-x" })
    void whatNoRegistryWouldUnderstandIsRefused(String reference) {
        assertThatThrownBy(() -> ImageName.of(reference)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("couldn't parse image name \"" + reference + "\": invalid reference format");
    }
}

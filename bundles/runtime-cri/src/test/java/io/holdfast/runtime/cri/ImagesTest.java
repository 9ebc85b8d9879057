package io.holdfast.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagesTest { // G1

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = { "{\"sandboxImage\":\"r.io/pause:3\",\"x\":1} | r.io/pause:3",
            "{\"a\": {\"sandboxImage\" : \"p\"}} | p", "{\"pinned\": []} | ``", "`` | ``" })
    void theImageOfSandboxesIsThatOfTheConfigurationThatContainerdTells(String config, String image) {
        assertThat(Images.sandboxImage(config).orElse("")).isEqualTo(image);
    }
}

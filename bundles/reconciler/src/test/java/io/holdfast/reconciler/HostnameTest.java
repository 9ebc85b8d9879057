package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;

import org.junit.jupiter.api.Test;

class HostnameTest { // G4

    @Test
    void isThePodsName() {
        assertThat(Hostname.of(pod("web-n").made())).isEqualTo("web-n");
    }

    @Test
    void isWhatTheManifestSays() {
        assertThat(Hostname.of(pod("web-n").hostname("www").made())).isEqualTo("www");
    }

    @Test
    void anEmptyOneIsNone() { // I2
        assertThat(Hostname.of(pod("web-n").hostname("").made())).isEqualTo("web-n");
    }

    @Test
    void isTheFullOneWhereThatIsWanted() throws IOException {
        assertThat(Hostname.kernel(pod("web-n").made())).isEqualTo("web-n");
        assertThat(Hostname.kernel(pod("web-n").fqdn("sub").made())).isEqualTo("web-n.sub.default.svc.cluster.local");
        assertThatThrownBy(() -> Hostname.kernel(pod("a".repeat(40)).fqdn("sub").made())).isInstanceOf(IOException.class)
                .hasMessageContaining("has 70 characters, and 64 is the most");
    }

    @Test
    void hasAtMost63CharactersAndEndsWithALetter() {
        assertThat(Hostname.of(pod("a".repeat(70)).made())).hasSize(63);
        assertThat(Hostname.of(pod("a".repeat(61) + "-.b").made())).isEqualTo("a".repeat(61));
    }
}

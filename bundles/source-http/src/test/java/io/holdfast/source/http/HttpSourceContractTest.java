package io.holdfast.source.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import io.holdfast.source.Manifest;
import io.holdfast.source.ManifestSource;
import io.holdfast.testkit.ManifestSourceContract;

/** Two URLs; where no manifest is put, there is an explicit empty list, as H3 wants it. */
final class HttpSourceContractTest extends ManifestSourceContract {

    private static final String NOTHING = "kind: List\nitems: []\n";

    private Site site;
    private HttpSource source;

    @BeforeEach
    void begin() throws Exception {
        site = Site.open();
        remove("a.yaml");
        remove("b.yaml");
        source = Site.source(Map.of("url", site.url("/a.yaml") + " \n " + site.url("/b.yaml")));
    }

    @AfterEach
    void end() {
        site.close();
    }

    @Override
    protected ManifestSource source() {
        return source;
    }

    @Override
    protected void put(String name, String content) {
        site.put("/" + name, content);
    }

    @Override
    protected void remove(String name) {
        put(name, NOTHING);
    }

    @Override
    protected boolean standsForNothing(Manifest manifest) {
        return manifest instanceof Manifest.Text(String _, byte[] content) && new String(content, UTF_8).equals(NOTHING);
    }

    @Override
    protected void breakSource() {
        site.close();
    }

    @Override
    protected void repairSource() throws Exception {
        int port = site.port();
        site = Site.open(port);
        put("a.yaml", "a: 1");
        remove("b.yaml");
    }
}

package io.holdfast.source.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.kit.testing.Certificates;
import io.holdfast.source.Manifest;
import io.holdfast.testkit.RecordingSink;
import io.holdfast.testkit.Watching;

/** Signatures by openssl. */
final class SignatureTest {

    private static final String DOES_NOT_FIT = "its signature does not fit: it was changed after it was signed, signed "
            + "with another key than that of verify.key, or is just being replaced";

    @TempDir
    Path temp;

    private final RecordingSink sink = new RecordingSink();
    private Certificates openssl;
    private Site site;

    @BeforeEach
    void begin() throws Exception {
        openssl = new Certificates(temp);
        keyPair("sign");
        site = Site.open();
    }

    @AfterEach
    void end() {
        site.close();
    }

    @Test
    void what_is_signed_is_read_and_its_signature_is_fetched_once() throws Exception {
        serve("a", sign("a", "sign"));
        try (Watching _ = watch(Map.of())) {
            sink.awaitTexts(Map.of(origin(), "a"));
            site.awaitRequests("/pods", 3);
            assertThat(site.requests("/pods.sig")).hasSize(1);
            String base64 = Base64.getEncoder().encodeToString(sign("b", "sign")) + "\n";
            site.on("/pods.sig", exchange -> Site.send(exchange, 200, base64));
            site.put("/pods", "b");
            sink.awaitTexts(Map.of(origin(), "b"));
        }
    }

    @Test
    void a_manifest_that_is_replaced_before_its_signature_is_read_when_both_are_there() throws Exception {
        serve("a", sign("a", "sign"));
        HttpSource source = source(Map.of());
        try (Watching watching = Watching.start(source, sink)) {
            sink.awaitTexts(Map.of(origin(), "a"));
            site.put("/pods", "b");
            assertThat(watching.failure()).hasMessage(origin() + ": " + DOES_NOT_FIT);
        }
        assertThat(sink.current().texts()).isEqualTo(Map.of(origin(), "a"));
        serve("b", sign("b", "sign"));
        try (Watching _ = Watching.start(source, sink)) {
            sink.awaitTexts(Map.of(origin(), "b"));
        }
    }

    @Test
    void a_signature_with_another_key_is_refused() throws Exception {
        keyPair("stranger");
        serve("a", sign("a", "stranger"));
        assertFails(Map.of(), DOES_NOT_FIT);
    }

    @Test
    void a_key_that_is_replaced_is_used_for_what_is_known_too() throws Exception {
        keyPair("next");
        serve("a", sign("a", "sign"));
        HttpSource source = source(Map.of());
        try (Watching watching = Watching.start(source, sink)) {
            sink.awaitTexts(Map.of(origin(), "a"));
            Files.copy(temp.resolve("next.pub"), temp.resolve("sign.pub"), REPLACE_EXISTING);
            assertThat(watching.failure()).hasMessage(origin() + ": " + DOES_NOT_FIT);
        }
        assertThat(sink.current().texts()).isEqualTo(Map.of(origin(), "a"));
        Manifest before = sink.current().manifests().getFirst();
        int readings = sink.current().readings();
        serve("a", sign("a", "next"));
        try (Watching _ = Watching.start(source, sink)) {
            sink.await("a reading with the new key", r -> r.readings() > readings);
        }
        assertThat(sink.current().manifests().getFirst()).as("H4").isSameAs(before);
    }

    @Test
    void a_signature_is_any_bytes_and_never_taken_for_a_page_for_people() throws Exception {
        byte[] signature = sign("a", "sign");
        serve("a", signature);
        site.on("/pods.sig", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            Site.send(exchange, 200, signature);
        });
        try (Watching _ = watch(Map.of())) {
            sink.awaitTexts(Map.of(origin(), "a"));
        }
        byte[] other = signature.clone();
        System.arraycopy("<!".getBytes(US_ASCII), 0, other, 0, 2);
        serve("a", other);
        try (Watching watching = watch(Map.of())) {
            assertThat(watching.failure()).hasMessage(origin() + ": " + DOES_NOT_FIT);
        }
    }

    @Test
    void a_damaged_key_is_named() throws Exception {
        serve("a", sign("a", "sign"));
        Path key = Files.writeString(temp.resolve("odd.pub"), "-----BEGIN PUBLIC KEY-----\nAAAAA\n-----END PUBLIC KEY-----");
        assertFails(Map.of("verify.key", key.toString()), "verify.key " + key + ": this is not an Ed25519 public key; make "
                + "one with openssl genpkey -algorithm ed25519 -out sign.key, then openssl pkey -in sign.key -pubout");
    }

    @Test
    void without_a_signature_nothing_is_read() throws Exception {
        site.put("/pods", "a");
        assertFails(Map.of(), "its signature at " + origin() + ".sig cannot be read: the server answered 404 (Not Found)");
        serve("a", "far too short".getBytes(US_ASCII));
        assertFails(Map.of(), "its signature is not one: 64 bytes, raw or in base64, are expected");
    }

    @Test
    void the_signature_may_be_in_a_header() throws Exception {
        String signature = Base64.getEncoder().encodeToString(sign("a", "sign"));
        site.on("/pods", exchange -> Site.send(exchange, 200, "a"));
        assertFails(Map.of("signature.header", "X-Signature"), "it is not signed: there is no header X-Signature");
        site.on("/pods", exchange -> {
            exchange.getResponseHeaders().set("X-Signature", signature);
            Site.send(exchange, 200, "a");
        });
        try (Watching _ = watch(Map.of("signature.header", "X-Signature"))) {
            sink.awaitTexts(Map.of(origin(), "a"));
        }
        assertThat(site.requests("/pods.sig")).isEmpty();
    }

    @Test
    void another_kind_of_key_is_refused_with_the_commands_that_make_the_right_one() throws Exception {
        openssl.openssl("genrsa", "-out", "rsa.key", "2048");
        openssl.openssl("rsa", "-in", "rsa.key", "-pubout", "-out", "rsa.pub");
        serve("a", sign("a", "sign"));
        Path rsa = temp.resolve("rsa.pub");
        assertFails(Map.of("verify.key", rsa.toString()), "verify.key " + rsa + ": this is not an Ed25519 public key; make "
                + "one with openssl genpkey -algorithm ed25519 -out sign.key, then openssl pkey -in sign.key -pubout");
        Path secret = temp.resolve("sign.key");
        assertFails(Map.of("verify.key", secret.toString()), "verify.key " + secret + ": there is no PUBLIC KEY in it");
    }

    private void serve(String content, byte[] signature) {
        site.put("/pods", content);
        site.on("/pods.sig", exchange -> Site.send(exchange, 200, signature));
    }

    private void keyPair(String name) throws Exception {
        openssl.openssl("genpkey", "-algorithm", "ed25519", "-out", name + ".key");
        openssl.openssl("pkey", "-in", name + ".key", "-pubout", "-out", name + ".pub");
    }

    private byte[] sign(String content, String key) throws Exception {
        Files.writeString(temp.resolve("content"), content);
        openssl.openssl("pkeyutl", "-sign", "-rawin", "-inkey", key + ".key", "-in", "content", "-out", "content.sig");
        return Files.readAllBytes(temp.resolve("content.sig"));
    }

    private HttpSource source(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(Map.of("verify.key", temp.resolve("sign.pub").toString()));
        all.putAll(more);
        return site.source("/pods", all);
    }

    private Watching watch(Map<String, Object> more) {
        return Watching.start(source(more), sink);
    }

    private void assertFails(Map<String, Object> more, String expected) throws Exception {
        try (Watching watching = watch(more)) {
            assertThat(watching.failure()).hasMessage(origin() + ": " + expected);
        }
        assertThat(sink.current().readings()).isZero();
    }

    private String origin() {
        return site.url("/pods").toString();
    }
}

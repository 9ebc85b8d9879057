package io.holdfast.kit.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.holdfast.runtime.PullAuth;

class DockerConfigTest { // C9

    @ParameterizedTest
    @CsvSource({ // keys with spaces between them, an image, and which of the keys are for it, in their order
            "r.example.com, r.example.com/a, 0",
            "r.example.com, r.example.com/a/b:1, 0",
            "r.example.com, other.example.com/a, ''",
            "r.example.com, r.example.com:5000/a, ''",
            "r.example.com:5000, r.example.com:5000/a@sha256:0123456789012345678901234567890123456789012345678901234567890123, 0",
            "localhost, localhost/a, 0",
            "https://r.example.com, r.example.com/a, 0",
            "http://r.example.com/v2/, r.example.com/a, 0",
            "r.example.com/v1/team, r.example.com/team/a, 0",
            "r.example.com/team, r.example.com/team/a, 0",
            "r.example.com/team, r.example.com/other/a, ''",
            "r.example.com r.example.com/team, r.example.com/team/a, 1 0",
            "*.example.com, r.example.com/a, 0",
            "*.example.com, a.r.example.com/a, ''",
            "*.*.example.com, a.r.example.com/a, 0",
            "r*.example.com:*, r.example.com/a, ''",
            "prefix*.example.com, prefix7.example.com/a, 0",
            "r.example.com, rxexample.com/a, ''",
            "https://index.docker.io/v1/, busybox, 0",
            "https://index.docker.io/v1/, me/web:1, 0",
            "https://index.docker.io/v1/ docker.io, docker.io/me/web, 1",
            "https://index.docker.io/v1/, r.example.com/a, ''" })
    void anEntryIsForTheImagesThatTheKubeletTakesItFor(String keys, String image, String matching) throws IOException {
        String[] all = keys.split(" ");
        String entries = IntStream.range(0, all.length).mapToObj(i -> "\"" + all[i] + "\": {\"username\": \"" + i + "\"}")
                .collect(Collectors.joining(","));
        assertThat(matching("{\"auths\": {" + entries + "}}", image)).extracting(PullAuth::username)
                .isEqualTo(Arrays.stream(matching.split(" ")).filter(i -> !i.isEmpty()).toList());
    }

    @Test
    void userAndPasswordMayStandByThemselvesOrTogether() throws IOException {
        assertThat(matching("{\"auths\": {\"r.io\": {\"username\": \"me\", \"password\": \"secret\", \"email\": \"x\"}}}", "r.io/a"))
                .containsExactly(new PullAuth("me", "secret"));
        assertThat(matching("{\"auths\": {\"r.io\": {\"auth\": \"" + base64("me:se:cret") + "\"}}}", "r.io/a"))
                .containsExactly(new PullAuth("me", "se:cret"));
        assertThat(matching("{\"auths\": {\"r.io\": {\"auth\": \"" + base64("me:x").replace("=", "") + "\"}}}", "r.io/a"))
                .containsExactly(new PullAuth("me", "x"));
    }

    @Test
    void whatIsNoneOfOurBusinessIsPassedOver() throws IOException {
        assertThat(matching("""
                {"HttpHeaders": {"a": ["b", {"c": 1}]}, "auths": {"r.io": {"auth": "%s", "x": {"username": "no"}}, "h.io": {}},
                 "credsStore": null, "psFormat": "table"}""".formatted(base64("me:x")), "r.io/a")).hasSize(1);
        assertThat(matching("{\"auths\": null}", "r.io/a")).isEmpty();
    }

    @Test
    void theOldFormatHasItsEntriesAtTheTop() throws IOException {
        DockerConfig config = DockerConfig.readOld(("{\"r.io\": {\"auth\": \"" + base64("me:x") + "\"}}").getBytes(UTF_8));
        assertThat(DockerConfig.matching(List.of(config), ImageName.of("r.io/a"))).containsExactly(new PullAuth("me", "x"));
    }

    @Test
    void aRegistryHasTheHelperThatIsNamedForItOrElseTheStore() throws IOException {
        DockerConfig config = read("{\"credHelpers\": {\"gcr.io\": \"gcloud\", \"r.io:5000\": \"mine\"}, \"credsStore\": \"pass\"}");
        assertThat(config.helper(ImageName.of("gcr.io/a/b"))).contains(new CredentialHelper("docker-credential-gcloud", "gcr.io"));
        assertThat(config.helper(ImageName.of("r.io:5000/b"))).contains(new CredentialHelper("docker-credential-mine", "r.io:5000"));
        assertThat(config.helper(ImageName.of("busybox")))
                .contains(new CredentialHelper("docker-credential-pass", "https://index.docker.io/v1/"));
        assertThat(read("{}").helper(ImageName.of("busybox"))).isEmpty();
    }

    @Test
    void aHelperIsAProgramInThePathAndNoOther() throws IOException {
        DockerConfig config = read("{\"credsStore\": \"../../tmp/evil\"}");
        assertThatThrownBy(() -> config.helper(ImageName.of("a"))).hasMessage("'../../tmp/evil' is not the name of a credential helper");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "[]", "secret", "{\"auths\": {\"r.io\": {\"auth\": \"secret\"}}}", "{\"auths\": \"secret\"}",
            "{\"auths\": {\"r.io\": \"secret\"}}", "{\"auths\": {\"r.io\": {\"auth\": \"c2VjcmV0\"}}}", "{\"auths\": {\"r.io\": secret" })
    void whatIsWrongIsSaidWithoutQuoting(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(IOException.class).message().doesNotContain("secret").isNotBlank();
    }

    private static DockerConfig read(String json) throws IOException {
        return DockerConfig.read(json.getBytes(UTF_8));
    }

    private static List<PullAuth> matching(String json, String image) throws IOException {
        return DockerConfig.matching(List.of(read(json)), ImageName.of(image));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}

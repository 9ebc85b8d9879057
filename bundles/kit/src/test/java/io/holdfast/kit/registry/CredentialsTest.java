package io.holdfast.kit.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.kit.registry.Credentials.Found;
import io.holdfast.runtime.PullAuth;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;
import io.holdfast.source.ConfigObject.Value;

class CredentialsTest { // C9

    private static final String JSON_TYPE = "kubernetes.io/dockerconfigjson";
    private static final ImageName IMAGE = ImageName.of("r.io/a:1");

    @TempDir
    Path directory;

    @Test
    void thoseOfThePodComeBeforeThoseOfTheNode() throws Exception {
        ConfigObject one = secret("one", JSON_TYPE, ".dockerconfigjson", "{\"auths\": " + auths("r.io", "one") + "}");
        ConfigObject old = secret("old", "kubernetes.io/dockercfg", ".dockercfg", auths("r.io", "old"));
        ConfigObject other = secret("other", JSON_TYPE, ".dockerconfigjson", "{\"auths\": " + auths("other.io", "other") + "}");
        Found found = node("{\"auths\": " + auths("r.io", "node") + "}").of(IMAGE, List.of(one, old, other));
        assertThat(found.auths()).extracting(PullAuth::username).containsExactly("one", "old", "node");
        assertThat(found.troubles()).isEmpty();
    }

    @Test
    void theFirstFileThatIsThereIsReadEachTime() throws Exception {
        Credentials credentials = new Credentials(List.of(directory.resolve("none.json"), directory.resolve("config.json"),
                directory.resolve("later.json")));
        Files.writeString(directory.resolve("later.json"), "{\"auths\": " + auths("r.io", "later") + "}");
        assertThat(credentials.of(IMAGE, List.of()).auths()).extracting(PullAuth::username).containsExactly("later");
        Files.writeString(directory.resolve("config.json"), "{\"auths\": " + auths("r.io", "sooner") + "}");
        assertThat(credentials.of(IMAGE, List.of()).auths()).extracting(PullAuth::username).containsExactly("sooner");
    }

    @Test
    void theUsualPlacesAreThoseOfDockerAndTheKubelet() {
        assertThat(Credentials.ofNode(Map.of("HOME", "/home/me", "DOCKER_CONFIG", "/etc/docker-login")).files())
                .containsExactly(Path.of("/etc/docker-login/config.json"), Path.of("/var/lib/kubelet/config.json"),
                        Path.of("/home/me/.docker/config.json"));
        assertThat(Credentials.ofNode(Map.of()).files()).contains(Path.of("/root/.docker/config.json"));
    }

    @Test
    void whatIsWrongIsSaidAndTheOthersAreUsed() throws Exception {
        Found found = node("{\"auths\": " + auths("r.io", "node") + ", \"credHelpers\": {\"r.io\": \"no-such\"}}").of(IMAGE,
                List.of(secret("broken", JSON_TYPE, ".dockerconfigjson", "hunter2"), secret("opaque", "Opaque", "a", "hunter2"),
                        secret("empty", JSON_TYPE, "a", "hunter2")));
        assertThat(found.auths()).extracting(PullAuth::username).containsExactly("node");
        assertThat(found.troubles()).containsExactly("Secret default/broken: not JSON, see line 1",
                "Secret default/opaque: its type must be kubernetes.io/dockerconfigjson or kubernetes.io/dockercfg, found Opaque",
                "Secret default/empty: has no .dockerconfigjson", directory.resolve("config.json")
                        + ": cannot run docker-credential-no-such: is it installed, and in the PATH of the agent?");
        assertThat(found.toString()).doesNotContain("hunter2").doesNotContain("secret of");
    }

    // ------------------------------------------------------------------ programs

    @Test
    void aHelperIsToldTheRegistryAndSaysWhoMayPull() throws Exception {
        CredentialHelper helper = helper("[ $1 = get ] && read server && "
                + "echo \"{\\\"ServerURL\\\": \\\"$server\\\", \\\"Username\\\": \\\"for $server\\\", \\\"Secret\\\": \\\"hunter2\\\"}\"");
        assertThat(helper.ask()).contains(new PullAuth("for r.io", "hunter2"));
    }

    @Test
    void aHelperThatKnowsNoneIsNoTrouble() throws Exception {
        assertThat(helper("echo credentials not found in native keychain; exit 1").ask()).isEmpty();
    }

    @Test
    void aHelperThatFailsIsQuotedInItsComplaintsAlone() throws IOException {
        assertThatThrownBy(() -> helper("echo hunter2; echo the vault is locked >&2; exit 3").ask()).isInstanceOf(IOException.class)
                .hasMessageEndingWith("docker-credential-test ended with exit code 3: the vault is locked");
        assertThatThrownBy(() -> helper("echo hunter2").ask()).hasMessageEndingWith("did not print JSON");
        assertThatThrownBy(() -> helper("echo '{\"Username\": \"me\"}'").ask()).hasMessageEndingWith("printed no Username and Secret");
        assertThatThrownBy(() -> helper("echo '{\"Username\": \"<token>\", \"Secret\": \"hunter2\"}'").ask())
                .hasMessageContaining("identity token").message().doesNotContain("hunter2");
    }

    private CredentialHelper helper(String script) throws IOException {
        Path program = directory.resolve("docker-credential-test");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return new CredentialHelper(program.toString(), "r.io");
    }

    private Credentials node(String json) throws IOException {
        return new Credentials(List.of(Files.writeString(directory.resolve("config.json"), json)));
    }

    private static ConfigObject secret(String name, String type, String key, String json) {
        return new ConfigObject(new Key(Kind.Secret, "default", name), type, Map.of(key, Value.of(json)), "file~test", "s.yaml");
    }

    private static String auths(String registry, String user) {
        return "{\"%s\": {\"auth\": \"%s\"}}".formatted(registry,
                Base64.getEncoder().encodeToString((user + ":secret of " + user).getBytes(UTF_8)));
    }
}

package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import com.fasterxml.jackson.databind.JsonNode;

/** Behaviour C9, with real registries: who may pull what, and what is said of whoever may not. */
class RegistryIT {

    @RegisterExtension
    static final Registry open = new Registry();

    @RegisterExtension
    static final Registry locked = new Registry("--login");

    @RegisterExtension
    final Lab lab = new Lab();

    @Test
    void credentialsComeFromTheNodeItsHelpersAndTheSecretsOfThePod() throws Exception {
        String login = Registry.USER + ":" + Registry.PASSWORD;
        String here = locked.address();
        Path config = lab.directory().resolve("config.json");
        Files.writeString(config, """
                {"auths": {"http://%s/file": {"auth": "%s"}, "%s/wrong": {"auth": "%s"}}, "credHelpers": {"localhost:%d": "holdfast-it"}}
                """.formatted(here, base64(login), here, base64("holdfast:hunter2"), locked.port()));
        helper("read -r server; [ \"$1 $server\" = 'get localhost:%d' ] && echo '{\"Username\": \"%s\", \"Secret\": \"%s\"}'"
                .formatted(locked.port(), Registry.USER, Registry.PASSWORD));
        lab.agent().config("io.holdfast.reconciler", "docker.config=" + config);
        lab.agent().manifest("secret.yaml", secret("mine", here + "/secret", login) + "---\n" + secret("old", here, "holdfast:hunter2"));
        lab.agent().manifest("open.yaml", pod("open", open.push("a:1", "1"), ""));
        for (String name : List.of("file", "wrong", "secret", "late", "none")) {
            locked.push(name + "/a:1", name);
        }
        lab.agent().manifest("file.yaml", pod("file", here + "/file/a:1", ""));
        lab.agent().manifest("helper.yaml", pod("helper", "localhost:" + locked.port() + "/file/a:1", ""));
        lab.agent().manifest("pull-secret.yaml", pod("pull-secret", here + "/secret/a:1", "  imagePullSecrets: [{name: old}, {name: mine}]\n"));
        lab.agent().manifest("wrong.yaml", pod("wrong", here + "/wrong/a:1", ""));
        lab.agent().manifest("none.yaml", pod("none", here + "/none/a:1", ""));
        lab.agent().manifest("late.yaml", pod("late", here + "/late/a:1", "  imagePullSecrets: [{name: late}]\n"));
        lab.agent().start();

        for (String pod : List.of("open", "file", "helper", "pull-secret")) {
            lab.running(pod);
        }
        for (String pod : List.of("wrong", "none", "late")) {
            soon(() -> assertThat(waiting(pod).path("reason").asText()).isIn("ErrImagePull", "ImagePullBackOff"));
            assertThat(waiting(pod).path("message").asText()).contains(pod.equals("wrong") ? "are not accepted, 1 were tried"
                    : "no credentials are known for " + here);
        }
        soon(() -> assertThat(waiting("wrong").path("reason").asText()).isEqualTo("ImagePullBackOff"));
        assertThat(lab.agent().cli("pod:describe", "late").out()).contains(
                "Unable to retrieve some image pull secrets (late); attempting to pull the image may not succeed.");
        lab.agent().manifest("late-secret.yaml", secret("late", here, login));
        lab.running("late");
        assertThat(lab.agent().log()).doesNotContain(Registry.PASSWORD).doesNotContain("hunter2").doesNotContain(base64(login));
    }

    @Test
    void aPolicySaysWhenAnImageIsPulledAndSoManyArePulledAtATime() throws Exception {
        lab.agent().config("io.holdfast.reconciler", "parallel.pulls=2");
        String image = open.push("policy:1", "first");
        lab.agent().manifest("never.yaml", policy("never", image + "-not-here", "Never"));
        lab.agent().manifest("invalid.yaml", policy("invalid", "Not/an/Image", "Always"));
        lab.agent().manifest("kept.yaml", policy("kept", image, "IfNotPresent"));
        lab.agent().start();
        lab.running("kept");
        soon(() -> assertThat(waiting("never").toString()).isEqualTo("{\"reason\":\"ErrImageNeverPull\",\"message\":"
                + "\"Container image \\\"%s-not-here\\\" is not present with pull policy of Never\"}".formatted(image)));
        soon(() -> assertThat(waiting("invalid").path("reason").asText()).isEqualTo("InvalidImageName"));

        open.push("policy:1", "second");
        lab.agent().manifest("kept.yaml", policy("kept", image, "IfNotPresent").replace("kept", "kept-again"));
        lab.agent().manifest("always.yaml", policy("always", image, "Always"));
        soon(() -> assertThat(lab.agent().cli("pod:logs", "kept-again").out()).isEqualTo("first\n"));
        soon(() -> assertThat(lab.agent().cli("pod:logs", "always").out()).isEqualTo("second\n"));

        open.freeze();
        try {
            for (int i = 0; i < 3; i++) {
                lab.agent().manifest("slow" + i + ".yaml", policy("slow" + i, image, "Always"));
            }
            soon(() -> assertThat(progress()).satisfiesExactlyInAnyOrder(
                    p -> assertThat(p).startsWith("pulling image \"" + image + "\" since 20"),
                    p -> assertThat(p).startsWith("pulling image \"" + image + "\" since 20"),
                    p -> assertThat(p).isEqualTo("image \"" + image + "\" waits for its turn, as 2 are pulled at a time")));
        } finally {
            open.resume();
        }
        for (int i = 0; i < 3; i++) {
            lab.running("slow" + i);
        }
    }

    private List<String> progress() throws IOException, InterruptedException {
        return List.of(waiting("slow0").path("message").asText(), waiting("slow1").path("message").asText(),
                waiting("slow2").path("message").asText());
    }

    private JsonNode waiting(String pod) throws IOException, InterruptedException {
        return lab.status(pod).at("/containerStatuses/0/state/waiting");
    }

    private void helper(String script) throws IOException {
        Path program = lab.directory().resolve("bin/docker-credential-holdfast-it");
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        lab.agent().environment().put("PATH", program.getParent() + ":" + System.getenv("PATH"));
    }

    private static String policy(String name, String image, String policy) {
        return pod(name, image, "").replace("command:", "imagePullPolicy: " + policy + "\n    command:");
    }

    private static String pod(String name, String image, String more) {
        return Pods.shell(name, "cat /version; echo; trap 'exit 0' TERM; while :; do sleep 3600 & wait; done")
                .replace(Agent.IMAGE, image) + more;
    }

    private static String secret(String name, String registry, String login) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: %s}
                type: kubernetes.io/dockerconfigjson
                stringData:
                  .dockerconfigjson: '{"auths": {"%s": {"auth": "%s"}}}'
                """.formatted(name, registry, base64(login));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}

package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.itests.Engine.Container;

/** From its first init container to its last preStop hook, on a real engine: what a pod's containers write down. */
class LifeIT {

    @RegisterExtension
    static final Lab LAB = new Lab();

    @BeforeAll
    static void start() throws IOException {
        LAB.agent().start();
    }

    /** @param spec with the images and the directory of notes left out */
    private static Path run(String pod, String spec) throws IOException {
        Path notes = LAB.directory().resolve(pod);
        LAB.agent().manifest(pod + ".yaml", """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  hostNetwork: true
                  volumes: [{name: notes, hostPath: {path: %s, type: DirectoryOrCreate}}]
                """.formatted(pod, notes) + spec.replace("IMAGE", Agent.IMAGE)
                .replace("WAIT", "while :; do sleep 9 & wait; done")
                .replace("NOTES", "volumeMounts: [{name: notes, mountPath: /notes}]").indent(2));
        return notes.resolve("log");
    }

    private static JsonNode status(String pod, String pointer) throws IOException, InterruptedException {
        return LAB.status(pod).at(pointer);
    }

    private static JsonNode condition(String pod, String type) throws IOException, InterruptedException {
        return LAB.status(pod).path("conditions").valueStream().filter(c -> c.path("type").asText().equals(type)).findFirst()
                .orElseThrow(() -> new AssertionError("no condition " + type));
    }

    @Test
    void containersStartInOrderAndEndInReverse() throws Exception { // C5, C6, T2
        Path log = run("ordered", """
                terminationGracePeriodSeconds: 10
                initContainers:
                - {name: first, image: IMAGE, NOTES, command: [sh, -c, 'sleep 0.3; echo first >> /notes/log']}
                - name: proxy
                  image: IMAGE
                  restartPolicy: Always
                  command: [sh, -c, 'trap "echo proxy ends >> /notes/log; exit 0" TERM; sleep 0.5; echo proxy >> /notes/log; touch /up; WAIT']
                  startupProbe: {exec: {command: [test, -e, /up]}, periodSeconds: 1, failureThreshold: 30}
                  NOTES
                - {name: second, image: IMAGE, NOTES, command: [sh, -c, 'echo second >> /notes/log']}
                containers:
                - name: main
                  image: IMAGE
                  command: [sh, -c, 'trap "sleep 0.5; echo main ends >> /notes/log; exit 0" TERM; echo main >> /notes/log; WAIT']
                  NOTES
                """);
        assertThat(Lab.lines(log, 4)).containsExactly("first", "proxy", "second", "main");
        soon(() -> assertThat(condition("ordered", "Ready").path("status").asText()).isEqualTo("True"));
        LAB.agent().remove("ordered.yaml");
        assertThat(Lab.lines(log, 6).subList(4, 6)).containsExactly("main ends", "proxy ends");
        LAB.gone("ordered");
    }

    @Test
    void aPodThatInitialisesSaysSo() throws Exception { // L1, L2
        Path log = run("initialising", """
                terminationGracePeriodSeconds: 0
                initContainers:
                - {name: slow, image: IMAGE, NOTES, command: [sh, -c, 'until test -e /notes/go; do sleep 0.1; done']}
                containers:
                - {name: main, image: IMAGE, NOTES, command: [sleep, '3600']}
                """);
        soon(() -> assertThat(status("initialising", "/initContainerStatuses/0/state").has("running")).isTrue());
        assertThat(status("initialising", "/phase").asText()).isEqualTo("Pending");
        assertThat(status("initialising", "/containerStatuses/0/state/waiting/reason").asText()).isEqualTo("PodInitializing");
        assertThat(condition("initialising", "Initialized").path("status").asText()).isEqualTo("False");
        assertThat(condition("initialising", "Initialized").path("reason").asText()).isEqualTo("ContainersNotInitialized");
        Files.createFile(log.resolveSibling("go"));
        soon(() -> assertThat(status("initialising", "/phase").asText()).isEqualTo("Running"));
        assertThat(condition("initialising", "Initialized").path("status").asText()).isEqualTo("True");
        LAB.agent().remove("initialising.yaml");
    }

    @Test
    void aFailedInitContainerFailsAPodThatIsNotToBeRestarted() throws Exception { // C5, L2
        run("doomed", """
                restartPolicy: Never
                terminationGracePeriodSeconds: 0
                initContainers:
                - {name: bad, image: IMAGE, command: [sh, -c, 'exit 5']}
                containers:
                - {name: main, image: IMAGE, command: [sleep, '3600']}
                """);
        soon(() -> assertThat(status("doomed", "/phase").asText()).isEqualTo("Failed"));
        assertThat(status("doomed", "/initContainerStatuses/0/state/terminated/exitCode").asInt()).isEqualTo(5);
        assertThat(LAB.engine().containers("doomed-node1")).as("main never was").hasSize(1);
        LAB.agent().remove("doomed.yaml");
    }

    @Test
    void eachContainerIsRestartedAsThePolicySays() throws Exception { // C3, C7, L2
        Path log = run("policies", """
                restartPolicy: OnFailure
                terminationGracePeriodSeconds: 0
                containers:
                - {name: well, image: IMAGE, NOTES, command: [sh, -c, 'echo well >> /notes/log']}
                - name: ill
                  image: IMAGE
                  command: [sh, -c, 'test -e /notes/tried || { touch /notes/tried; exit 1; }; echo ill >> /notes/log']
                  NOTES
                """);
        soon(() -> assertThat(status("policies", "/phase").asText()).isEqualTo("Succeeded"));
        assertThat(Lab.lines(log, 2)).containsExactlyInAnyOrder("well", "ill");
        assertThat(status("policies", "/containerStatuses").findValuesAsText("restartCount")).containsExactly("0", "1");
        LAB.agent().remove("policies.yaml");
    }

    @Test
    void aFailedLivenessProbeEndsTheContainerWithTheGraceOfTheProbe() throws Exception { // P4
        run("deaf", """
                terminationGracePeriodSeconds: 600
                containers:
                - name: main
                  image: IMAGE
                  command: [sh, -c, 'trap "" TERM; test -e /notes/again || touch /notes/again /ill; while :; do sleep 1; done']
                  livenessProbe:
                    exec: {command: [test, '!', -e, /ill]}
                    periodSeconds: 1
                    failureThreshold: 1
                    terminationGracePeriodSeconds: 1
                  NOTES
                """);
        soon(() -> assertThat(status("deaf", "/containerStatuses/0/restartCount").asInt()).isEqualTo(1));
        assertThat(status("deaf", "/containerStatuses/0/lastState/terminated/exitCode").asInt()).isEqualTo(137);
        assertThat(LAB.agent().cli("pod:describe", "deaf").out()).contains("Unhealthy")
                .contains("Container main failed liveness probe, will be restarted");
    }

    @Test
    void readinessFollowsAPageOverHttps() throws Exception { // P1, P4
        try (HealthPage page = new HealthPage(LAB.directory())) {
            run("https", """
                    terminationGracePeriodSeconds: 0
                    containers:
                    - name: main
                      image: IMAGE
                      command: [sleep, '3600']
                      ports: [{name: health, containerPort: %d}]
                      readinessProbe:
                        httpGet: {host: 127.0.0.1, scheme: HTTPS, port: health, path: '/ready?deep=yes'}
                        periodSeconds: 1
                        failureThreshold: 1
                    """.formatted(page.port()));
            soon(() -> assertThat(condition("https", "Ready").path("status").asText()).isEqualTo("True"));
            page.answer(503);
            soon(() -> assertThat(condition("https", "Ready").path("status").asText()).isEqualTo("False"));
            assertThat(condition("https", "ContainersReady").path("reason").asText()).isEqualTo("ContainersNotReady");
            assertThat(LAB.agent().cli("pod:describe", "https").out())
                    .contains("Readiness probe failed: HTTP probe failed with statuscode: 503");
            page.answer(200);
            soon(() -> assertThat(condition("https", "Ready").path("status").asText()).isEqualTo("True"));
            assertThat(status("https", "/containerStatuses/0/restartCount").asInt()).isZero();
            assertThat(page.asked()).contains("/ready?deep=yes");
            LAB.agent().remove("https.yaml");
        }
    }

    @Test
    void hooksRunBesideTheStartAndBeforeTheEnd() throws Exception { // T1, T2, C8
        try (HealthPage page = new HealthPage(LAB.directory())) {
            Path log = run("hooked", """
                    terminationGracePeriodSeconds: 10
                    containers:
                    - name: exec
                      image: IMAGE
                      command: [sh, -c, 'trap "echo term >> /notes/log; exit 0" TERM; WAIT']
                      lifecycle:
                        postStart: {exec: {command: [sh, -c, 'echo postStart >> /notes/log']}}
                        preStop: {exec: {command: [sh, -c, 'sleep 0.5; echo preStop >> /notes/log']}}
                      NOTES
                    - name: http
                      image: IMAGE
                      command: [sh, -c, 'trap "exit 0" TERM; WAIT']
                      ports: [{name: page, containerPort: %d}]
                      lifecycle:
                        postStart: {httpGet: {host: 127.0.0.1, scheme: HTTPS, port: page, path: /started}}
                        preStop: {httpGet: {host: 127.0.0.1, scheme: HTTPS, port: page, path: /stopping}}
                    - name: sleep
                      image: IMAGE
                      command: [sh, -c, 'trap "date +%%s >> /notes/slept; exit 0" TERM; WAIT']
                      lifecycle: {preStop: {sleep: {seconds: 2}}}
                      NOTES
                    """.formatted(page.port()));
            assertThat(Lab.lines(log, 1)).containsExactly("postStart");
            soon(() -> assertThat(condition("hooked", "Ready").path("status").asText()).isEqualTo("True"));
            assertThat(page.asked()).containsExactly("/started");
            long removed = System.currentTimeMillis() / 1000;
            LAB.agent().remove("hooked.yaml");
            assertThat(Lab.lines(log, 3)).containsExactly("postStart", "preStop", "term");
            long slept = Long.parseLong(Lab.lines(log.resolveSibling("slept"), 1).getFirst());
            assertThat(slept - removed).isGreaterThanOrEqualTo(2);
            assertThat(page.asked()).containsExactly("/started", "/stopping");
            LAB.gone("hooked");
        }
    }

    @Test
    void aPodThatIsActiveForTooLongFails() throws Exception { // T3
        run("late", """
                activeDeadlineSeconds: 1
                terminationGracePeriodSeconds: 0
                containers:
                - {name: main, image: IMAGE, command: [sleep, '3600']}
                """);
        soon(() -> assertThat(status("late", "/reason").asText()).isEqualTo("DeadlineExceeded"));
        assertThat(status("late", "/phase").asText()).isEqualTo("Failed");
        soon(() -> assertThat(LAB.engine().running("late-node1")).isEmpty());
        LAB.agent().remove("late.yaml");
    }

    @Test
    void lastWordsAreFromTheFileOrFromTheLog() throws Exception { // T4
        run("last-words", """
                restartPolicy: Never
                terminationGracePeriodSeconds: 0
                containers:
                - {name: file, image: IMAGE, command: [sh, -c, 'yes file | head -c 5000 > /dev/termination-log; exit 1']}
                - name: log
                  image: IMAGE
                  terminationMessagePolicy: FallbackToLogsOnError
                  command: [sh, -c, 'seq 1 100; exit 1']
                - name: well
                  image: IMAGE
                  terminationMessagePolicy: FallbackToLogsOnError
                  command: [sh, -c, 'echo all is well']
                """);
        soon(() -> assertThat(status("last-words", "/phase").asText()).isEqualTo("Failed"));
        soon(() -> {
            List<String> words = status("last-words", "/containerStatuses").valueStream()
                    .map(c -> c.at("/state/terminated/message").asText()).toList();
            assertThat(words.getFirst()).hasSize(4096).startsWith("file\n");
            assertThat(words.get(1).lines()).hasSize(80).last().isEqualTo("100");
            assertThat(words.get(2)).isEmpty();
        });
        LAB.agent().remove("last-words.yaml");
    }

    private static final String STOPPED_BY_SIGNAL = """
            os: {name: linux}
            terminationGracePeriodSeconds: 10
            containers:
            - name: main
              image: IMAGE
              command: [sh, -c, 'trap "echo usr1 >> /notes/log; exit 0" USR1; echo up >> /notes/log; WAIT']
              lifecycle: {stopSignal: SIGUSR1}
              NOTES
            """;

    @Test
    @Tag("docker")
    void theStopSignalIsTheManifests() throws Exception { // T2
        Path log = run("signalled", STOPPED_BY_SIGNAL);
        assertThat(Lab.lines(log, 1)).containsExactly("up");
        LAB.agent().remove("signalled.yaml");
        assertThat(Lab.lines(log, 2)).containsExactly("up", "usr1");
    }

    @Test
    @Tag("cri")
    void aStopSignalThatTheEngineCannotSendIsRefused() throws Exception {
        run("signalled", STOPPED_BY_SIGNAL);
        soon(() -> assertThat(status("signalled", "/containerStatuses/0/state/waiting/message").asText())
                .startsWith("stop signal SIGUSR1: the engine's CRI has no such thing"));
        assertThat(LAB.engine().running("signalled-node1")).extracting(Container::id).isEmpty();
        LAB.agent().remove("signalled.yaml");
    }

    @Test
    void whatHappensIsToldInEventsWithCounts() throws Exception {
        run("eventful", """
                terminationGracePeriodSeconds: 0
                containers:
                - name: main
                  image: IMAGE
                  command: [sleep, '3600']
                  livenessProbe: {exec: {command: [test, -e, /alive]}, periodSeconds: 1, failureThreshold: 2}
                """);
        soon(() -> assertThat(LAB.agent().cli("pod:describe", "eventful").out()).contains("Scheduled",
                "Container image \"" + Agent.IMAGE + "\" already present on machine", "Created", "Started container main",
                "Unhealthy", "Liveness probe failed", "Killing", "BackOff").containsPattern("\\(x\\d+ over "));
        LAB.agent().remove("eventful.yaml");
        LAB.gone("eventful");
    }
}

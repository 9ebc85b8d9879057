package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.holdfast.itests.Engine.Container;
import io.holdfast.itests.Engine.Sandbox;

/** The life of a pod, from its manifest in a directory to its removal. */
class StaticPodIT {

    @RegisterExtension
    final Lab lab = new Lab();

    @Test
    void aWebServerOnThePodNetworkAnswersAtItsHostPort() throws Exception {
        lab.agent().start().manifest("web.yaml", """
                apiVersion: v1
                kind: Pod
                metadata: {name: static-web, labels: {app: static}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: web
                    image: %s
                    command: [httpd, -f, -p, "80", -h, /www]
                    ports: [{containerPort: 80, hostPort: 18080}]
                """.formatted(Agent.IMAGE));
        lab.running("static-web");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:18080/")).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            soon(() -> assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200));
        }
        soon(() -> assertThat(lab.status("static-web").at("/podIP").asText()).startsWith("10."));
    }

    @Test
    void sandboxAndContainerCarryTheKubeletsLabels() throws Exception { // R8, S2
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        Container container = lab.running("web");
        Sandbox sandbox = lab.engine().sandboxes("web-node1").getFirst();
        assertThat(sandbox.labels()).containsEntry("io.kubernetes.pod.name", "web-node1")
                .containsEntry("io.kubernetes.pod.namespace", "default").containsEntry("app", "web")
                .containsEntry("io.kubernetes.pod.uid", sandbox.uid());
        assertThat(sandbox.annotations()).containsEntry("kubernetes.io/config.source", "file")
                .containsEntry("kubernetes.io/config.hash", sandbox.uid())
                .containsKey("kubernetes.io/config.seen");
        assertThat(container.labels()).containsEntry("io.kubernetes.container.name", "main")
                .containsEntry("io.kubernetes.pod.name", "web-node1");
        assertThat(container.annotations()).containsEntry("io.kubernetes.container.restartCount", "0")
                .containsEntry("io.kubernetes.pod.terminationGracePeriod", "2")
                .containsKey("io.kubernetes.container.hash");
    }

    @Test
    void logsAreWhereLogCollectorsLook() throws Exception { // G2
        lab.agent().start().manifest("talk.yaml", Pods.shell("talk", "echo hello; exec sleep 3600"));
        Container container = lab.running("talk");
        Path log = lab.agent().logDirectory().resolve(
                "default_talk-node1_" + container.labels().get("io.kubernetes.pod.uid") + "/main/0.log");
        assertThat(Lab.lines(log, 1).getFirst()).matches("\\S+T\\S+ stdout F hello");
        Path link = lab.agent().home()
                .resolve("log/containers/talk-node1_default_main-" + container.id() + ".log");
        soon(() -> assertThat(link).isSymbolicLink());
        assertThat(link.toRealPath()).isEqualTo(log.toRealPath());
        assertThat(lab.agent().cli("pod:logs", "talk").out()).isEqualTo("hello\n");
    }

    @Test
    void anEditLetsTheOldEditionLeaveBeforeTheNewOneComes() throws Exception { // S3, S7, R6
        Path data = lab.directory().resolve("data");
        Path notes = data.resolve("notes");
        String v1 = "echo start-1 >> /data/notes; trap 'sleep 1; echo end-1 >> /data/notes; exit 0' TERM; while :; do sleep 9 & wait; done";
        lab.agent().start().manifest("web.yaml", Pods.withVolume("web", v1, data)
                .replace("GracePeriodSeconds: 2", "GracePeriodSeconds: 20"));
        Lab.lines(notes, 1);
        lab.agent().manifest("web.yaml", Pods.withVolume("web", v1.replace("-1", "-2"), data));
        assertThat(Lab.lines(notes, 3)).containsExactly("start-1", "end-1", "start-2");
        soon(() -> assertThat(lab.engine().sandboxes("web-node1")).hasSize(1));
    }

    @Test
    void theSameContentRewrittenRestartsNothing() throws Exception { // F6
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        String container = lab.running("web").id();
        lab.agent().manifest("other.yml", "# a comment\n" + Pods.sleeper("web"));
        lab.agent().remove("web.yaml");
        lab.agent().manifest("marker.yaml", Pods.sleeper("marker")); // when this runs, the change before it was seen
        lab.running("marker");
        assertThat(lab.running("web").id()).isEqualTo(container);
    }

    @Test
    void removalEndsThePodWithItsGraceAndLeavesNothing() throws Exception { // R6, G3
        Path data = lab.directory().resolve("data");
        Path notes = data.resolve("notes");
        lab.agent().start().manifest("web.yaml", Pods.withVolume("web",
                "echo up >> /data/notes; trap 'echo term >> /data/notes; exit 0' TERM; while :; do sleep 9 & wait; done",
                data));
        Lab.lines(notes, 1);
        String uid = lab.running("web").labels().get("io.kubernetes.pod.uid");
        assertThat(lab.agent().home().resolve("var/pods/" + uid)).isDirectory();
        lab.agent().remove("web.yaml");
        assertThat(Lab.lines(notes, 2)).containsExactly("up", "term");
        lab.gone("web");
        soon(() -> {
            assertThat(lab.agent().home().resolve("var/pods/" + uid)).doesNotExist();
            assertThat(lab.agent().logDirectory().resolve("default_web-node1_" + uid)).doesNotExist();
            assertThat(lab.agent().pod("web-node1").isMissingNode()).isTrue();
        });
    }

    @Test
    void aCrashedContainerIsRestartedAtOnceAndThenBacksOff() throws Exception { // C4, C7, L1
        lab.agent().start().manifest("crash.yaml", Pods.shell("crash", "exit 7"));
        soon(() -> {
            var container = lab.status("crash").at("/containerStatuses/0");
            assertThat(container.at("/restartCount").asInt()).isEqualTo(1);
            assertThat(container.at("/state/waiting/reason").asText()).isEqualTo("CrashLoopBackOff");
            assertThat(container.at("/lastState/terminated/exitCode").asInt()).isEqualTo(7);
        });
        assertThat(lab.agent().cli("pod:describe", "crash").out()).contains("back-off 10s restarting failed container")
                .contains("BackOff");
    }

    @Test
    void aPodThatIsToRunOnceIsNotRunAgain() throws Exception { // C3, L2
        lab.agent().start().manifest("once.yaml",
                Pods.shell("once", "exit 0").replace("spec:", "spec:\n  restartPolicy: Never"));
        soon(() -> assertThat(lab.status("once").at("/phase").asText()).isEqualTo("Succeeded"));
        lab.agent().stop();
        lab.agent().start();
        soon(() -> assertThat(lab.status("once").at("/phase").asText()).isEqualTo("Succeeded"));
        assertThat(lab.engine().containers("once-node1")).hasSize(1);
    }

    @Test
    void whatIsInsideTheContainerIsWhatTheManifestSays() throws Exception { // G3, G4, G6
        Path data = lab.directory().resolve("data");
        lab.agent().start().manifest("inside.yaml", """
                apiVersion: v1
                kind: Pod
                metadata: {name: inside, labels: {app: x}}
                spec:
                  hostname: chosen
                  hostAliases: [{ip: 10.1.2.3, hostnames: [db, db.local]}]
                  dnsPolicy: None
                  dnsConfig: {nameservers: [10.9.9.9], searches: [a.example], options: [{name: ndots, value: "3"}]}
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: main
                    image: %s
                    workingDir: /tmp
                    command: [sh, -c]
                    args: ['env > /data/env; pwd > /data/pwd; hostname > /data/hostname; cp /etc/hosts /data/hosts; cp /etc/resolv.conf /data/resolv; mount > /data/mount; cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null > /data/memory; echo $(GREETING) > /data/args; touch /data/done; exec sleep 3600']
                    env:
                    - {name: WHO, value: world}
                    - {name: GREETING, value: "hello $(WHO)"}
                    - {name: LITERAL, value: "$$(WHO) $(NOBODY)"}
                    - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    - {name: APP, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
                    - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                    resources: {limits: {memory: 64Mi, cpu: 500m}}
                    volumeMounts:
                    - {name: data, mountPath: /data}
                    - {name: scratch, mountPath: /scratch}
                    - {name: fast, mountPath: /fast}
                  volumes:
                  - {name: data, hostPath: {path: %s, type: DirectoryOrCreate}}
                  - {name: scratch, emptyDir: {}}
                  - {name: fast, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
                """.formatted(Agent.IMAGE, data));
        lab.running("inside");
        soon(() -> assertThat(data.resolve("done")).exists());
        String ip = lab.status("inside").at("/podIP").asText();
        assertThat(Files.readAllLines(data.resolve("env"))).contains("GREETING=hello world", "LITERAL=$(WHO) $(NOBODY)", "POD=inside-node1",
                "APP=x", "IP=" + ip, "HOSTNAME=chosen");
        assertThat(Files.readString(data.resolve("args")).strip()).isEqualTo("hello world");
        assertThat(Files.readString(data.resolve("pwd")).strip()).isEqualTo("/tmp");
        assertThat(Files.readString(data.resolve("hostname")).strip()).isEqualTo("chosen");
        assertThat(Files.readString(data.resolve("hosts"))).contains(ip + "\tchosen\n", "10.1.2.3\tdb\tdb.local");
        assertThat(Files.readAllLines(data.resolve("resolv"))).contains("nameserver 10.9.9.9", "search a.example",
                "options ndots:3");
        assertThat(Files.readString(data.resolve("memory")).strip()).isEqualTo(Integer.toString(64 << 20));
        assertThat(Files.readAllLines(data.resolve("mount"))).anyMatch(
                l -> l.startsWith("tmpfs on /fast type tmpfs") && l.contains("size=1024k"))
                .anyMatch(l -> l.contains(" on /scratch "));
        lab.agent().remove("inside.yaml");
        lab.gone("inside");
        soon(() -> assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .doesNotContain(lab.agent().home().toString()));
    }

    @Test
    void aHostPathOfAnotherTypeKeepsThePodPendingAndSaysWhy() throws Exception { // G3
        Path data = lab.directory().resolve("data");
        Files.createFile(data);
        lab.agent().start().manifest("wrong.yaml",
                Pods.withVolume("wrong", "exec sleep 3600", data).replace("DirectoryOrCreate", "Directory"));
        soon(() -> assertThat(lab.status("wrong").at("/message").asText())
                .isEqualTo("volume \"data\": hostPath type check failed: " + data + " is not a Directory"));
        assertThat(lab.status("wrong").at("/phase").asText()).isEqualTo("Pending");
        Files.delete(data);
        Files.createDirectory(data);
        lab.running("wrong"); // by itself
    }

    @Test
    void aMissingImageIsToldAndTheOthersRun() throws Exception { // C9
        lab.agent().start().manifest("a.yaml",
                Pods.sleeper("noimage").replace(Agent.IMAGE, "127.0.0.1:1/no/such:1"));
        lab.agent().manifest("b.yaml", Pods.sleeper("never").replace("image: " + Agent.IMAGE,
                "image: localhost/no/such:1\n    imagePullPolicy: Never"));
        lab.agent().manifest("c.yaml", Pods.sleeper("fine"));
        lab.running("fine");
        soon(() -> assertThat(lab.status("noimage").at("/containerStatuses/0/state/waiting/reason").asText())
                .isIn("ErrImagePull", "ImagePullBackOff"));
        soon(() -> assertThat(lab.status("never").at("/containerStatuses/0/state/waiting/message").asText())
                .isEqualTo("Container image \"localhost/no/such:1\" is not present with pull policy of Never"));
    }

    @Test
    void twoPodsThatWantOneHostPortRunOneAfterTheOther() throws Exception { // R9
        String pod = Pods.sleeper("first").replace("command:", "ports: [{containerPort: 18081}]\n    command:");
        lab.agent().start().manifest("first.yaml", pod);
        lab.running("first");
        lab.agent().manifest("second.yaml", pod.replace("first", "second"));
        soon(() -> assertThat(lab.status("second").at("/message").asText())
                .isEqualTo("host port 18081/TCP is taken by pod default/first-node1"));
        lab.agent().remove("first.yaml");
        lab.running("second");
    }

    @Test
    void severalPodsOfOneFileAndSeveralDirectoriesRun() throws Exception { // F3
        Path second = lab.directory().resolve("second");
        Files.createDirectories(second);
        lab.agent().config("io.holdfast.source.file~second", "path=" + second);
        lab.agent().start().manifest("two.yaml", Pods.sleeper("one") + "---\n" + Pods.sleeper("two"));
        Files.writeString(second.resolve("three.yaml"), Pods.sleeper("three"));
        List.of("one", "two", "three").forEach(lab::running);
        Files.delete(lab.agent().home().resolve("config/io.holdfast.source.file~second.cfg"));
        lab.gone("three"); // its source was taken away for good
        lab.running("one");
    }
}

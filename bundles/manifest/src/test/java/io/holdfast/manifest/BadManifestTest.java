package io.holdfast.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people read when their manifest is wrong, word for word. */
class BadManifestTest {

    private static final String HEAD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n";
    private static final String MAIN = "  containers:\n  - name: main\n    image: busybox\n";

    private static Arguments row(String text, String... faults) {
        return Arguments.of(text, List.of(faults));
    }

    /** In the container that begins in line 6. */
    private static Arguments container(String more, String... faults) {
        return row(HEAD + MAIN + more.indent(4), faults);
    }

    /** From line 8 on, in spec. */
    private static Arguments spec(String more, String... faults) {
        return row(HEAD + MAIN + more.indent(2), faults);
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                row("kind: Pod\n", "1:1 apiVersion: is required"),
                row("apiVersion: v1\nkind: [Pod]\n", "2:7 kind: expected a string, found a list"),
                row("apiVersion: v2\nkind: Pod\n", "1:13 apiVersion: expected v1, found 'v2'"),
                row("apiVersion: apps/v1\nkind: Deployment\n",
                        "2:7 kind: cannot run a Deployment (apps/v1); expected Pod, ConfigMap, Secret, DaemonSet, List or"
                                + " PodList"),
                row("apiVersion: v1\nkind: pod\n",
                        "2:7 kind: cannot run a pod (v1); expected Pod, ConfigMap, Secret, DaemonSet, List or PodList; did you"
                                + " mean 'Pod'?"),
                row("apiVersion: v1\nkind: List\nitems: x\n",
                        "3:8 items: expected a list ([] is an empty one), found the string 'x'"),
                row("apiVersion: v1\nkind: List\nitems:\n",
                        "3:7 items: expected a list ([] is an empty one), found nothing"),
                row("{\"apiVersion\": \"v1\", \"kind\": \"PodList\",\n\"items\": null}",
                        "2:10 items: expected a list ([] is an empty one), found nothing"),
                row("- a\n", "1:1 expected an object such as a Pod, found a list"),
                row("just words\n", "1:1 expected an object such as a Pod, found the string 'just words'"));
    }

    static Stream<Arguments> order() { // R10
        String web = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, annotations: {holdfast.io/after: '%s'}}\nspec:\n" + MAIN;
        String names = "3:56 metadata.annotations[holdfast.io/after]: must be names of pods, NAME or NAMESPACE/NAME, with"
                + " commas between them; found ";
        return Stream.of(row(web.formatted("db, sys/cache")), row(web.formatted("db, Db"), names + "'Db'"), row(web.formatted("a/b/c"), names + "'a/b/c'"),
                row(web.formatted(" "), "3:56 metadata.annotations[holdfast.io/after]: must name a pod"));
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                container("imagePulPolicy: Always",
                        "8:5 spec.containers[0].imagePulPolicy: unknown field; did you mean 'imagePullPolicy'?"),
                container("zzz: 1", "8:5 spec.containers[0].zzz: unknown field"),
                container("image: other", "8:5 spec.containers[0].image: is given twice, first in line 7"),
                container("args: ls", "8:11 spec.containers[0].args: expected a list of strings, found the string"
                        + " 'ls'"),
                container("args: [1]",
                        "8:12 spec.containers[0].args[0]: expected a string, found the number 1; in quotes, '1' is a"
                                + " string"),
                container("env: [{name: A, value: yes}]",
                        "8:28 spec.containers[0].env[0].value: expected a string, found the boolean true; in quotes,"
                                + " 'yes' is a string"),
                container("tty: 'true'",
                        "8:10 spec.containers[0].tty: expected a boolean, found the string 'true'; write it without"
                                + " quotes"),
                container("tty: 1", "8:10 spec.containers[0].tty: expected a boolean (true or false), found the"
                        + " number 1"),
                container("ports: [{containerPort: '80'}]",
                        "8:29 spec.containers[0].ports[0].containerPort: expected an integer, found the string '80';"
                                + " write it without quotes"),
                container("ports: [{containerPort: 1.5}]",
                        "8:29 spec.containers[0].ports[0].containerPort: expected an integer, found the number 1.5"),
                container("ports: [{}]", "8:13 spec.containers[0].ports[0].containerPort: is required"),
                container("ports: {containerPort: 80}",
                        "8:12 spec.containers[0].ports: expected a list, found an object"),
                container("imagePullPolicy: always",
                        "8:22 spec.containers[0].imagePullPolicy: expected one of Always, IfNotPresent, Never, found"
                                + " the string 'always'; did you mean 'Always'?"),
                container("resources: {limits: {cpu: 1x}}",
                        "8:31 spec.containers[0].resources.limits[cpu]: '1x' is not a quantity such as 250m, 1.5 or"
                                + " 64Mi"),
                row(HEAD.replace("name: web", "") + MAIN, "3:11 metadata.name: is required"),
                row("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n", "1:1 spec: is required"),
                row(HEAD.replace("name: web", "name: 5") + MAIN,
                        "3:18 metadata.name: expected a string, found the number 5; in quotes, '5' is a string"),
                row(HEAD + "  containers:\n  - image: busybox\n", "6:5 spec.containers[0].name: is required"),
                spec("tolerations: x", "8:16 spec.tolerations: expected a list, found the string 'x'"));
    }

    static Stream<Arguments> rules() {
        return Stream.of( // I3
                row(HEAD + "  containers: []\n", "5:15 spec.containers: must have at least one container"),
                row(HEAD.replace("web", "Web") + MAIN,
                        "3:18 metadata.name: must be a DNS name: at most 253 lower-case letters, digits, '-' and '.',"
                                + " with a letter or digit at both ends of each part; found 'Web-node1'"),
                row(HEAD.replace("name: web", "name: web, uid: ../x") + MAIN,
                        "3:28 metadata.uid: must be at most 63 letters, digits, '-', '_' and '.', beginning with a"
                                + " letter or digit; found '../x'"),
                row(HEAD.replace("name: web", "name: web, labels: {app: a b}") + MAIN,
                        "3:37 metadata.labels[app]: must be at most 63 letters, digits, '-', '_' and '.', with a"
                                + " letter or digit at both ends; found 'a b'"),
                row(HEAD + MAIN + "  - name: main\n    image: ''\n",
                        "8:11 spec.containers[1].name: must be unique; 'main' is there already",
                        "9:12 spec.containers[1].image: must not be empty"),
                container("ports: [{containerPort: 0}, {containerPort: 80, hostPort: 70000}]",
                        "8:29 spec.containers[0].ports[0].containerPort: must be between 1 and 65535, found 0",
                        "8:63 spec.containers[0].ports[1].hostPort: must be between 1 and 65535, found 70000"),
                container("ports: [{containerPort: 1, hostPort: 80},"
                        + " {containerPort: 2, hostPort: 80, hostIP: 0.0.0.0}]",
                        "8:76 spec.containers[0].ports[1].hostPort: must be unique; 80/TCP is there already"),
                container("ports: [{containerPort: 1, name: http--x, hostIP: 1.2.3}]",
                        "8:38 spec.containers[0].ports[0].name: must be a port name: at most 15 lower-case letters,"
                                + " digits and single '-', with a letter; found 'http--x'",
                        "8:55 spec.containers[0].ports[0].hostIP: must be an IP address; found '1.2.3'"),
                row(HEAD + "  hostNetwork: true\n" + MAIN + "    ports: [{containerPort: 1, hostPort: 2}]\n",
                        "9:42 spec.containers[0].ports[0].hostPort: must be the same as containerPort with"
                                + " hostNetwork, or left out"),
                container("volumeMounts: [{name: dta, mountPath: '/a:b'}]",
                        "8:27 spec.containers[0].volumeMounts[0].name: no volume 'dta' in spec.volumes",
                        "8:43 spec.containers[0].volumeMounts[0].mountPath: must not contain ':'"),
                row(HEAD + "  volumes: [{name: data}]\n" + MAIN
                        + "    volumeMounts: [{name: dta, mountPath: /a, mountPropagation: Bidirectional}]\n",
                        "9:27 spec.containers[0].volumeMounts[0].name: no volume 'dta' in spec.volumes; did you mean"
                                + " 'data'?",
                        "9:65 spec.containers[0].volumeMounts[0].mountPropagation: Bidirectional is for privileged"
                                + " containers only"),
                container("env: [{name: A=B}, {name: C, value: x, valueFrom: {fieldRef: {fieldPath: status.podIPP}}}]",
                        "8:18 spec.containers[0].env[0].name: must be printable ASCII without '='; found 'A=B'",
                        "8:55 spec.containers[0].env[1].valueFrom: must not stand beside a value"),
                container("env: [{name: C, valueFrom: {fieldRef: {fieldPath: status.podIPP}}}]",
                        "8:55 spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: expected one of metadata.name,"
                                + " metadata.namespace, metadata.uid, spec.nodeName, spec.serviceAccountName,"
                                + " status.hostIP, status.hostIPs, status.podIP, status.podIPs,"
                                + " metadata.labels['KEY'], metadata.annotations['KEY']; found 'status.podIPP'; did"
                                + " you mean 'status.podIP'?"),
                container("resources: {requests: {cpu: 2}, limits: {cpu: 500m}}",
                        "8:33 spec.containers[0].resources.requests[cpu]: must not be more than the limit; found 2,"
                                + " the limit is 500m"),
                container("resources: {limits: {memory: -1}}",
                        "8:34 spec.containers[0].resources.limits[memory]: must not be negative"),
                spec("terminationGracePeriodSeconds: -1",
                        "8:34 spec.terminationGracePeriodSeconds: must not be negative"),
                spec("dnsPolicy: None",
                        "5:3 spec.dnsConfig.nameservers: must have at least one nameserver when dnsPolicy is None"),
                spec("dnsConfig: {nameservers: [1.1.1.1, 1.1.1.256, '::1', '::g']}",
                        "8:28 spec.dnsConfig.nameservers: must not have more than 3 nameservers"),
                spec("hostAliases: [{ip: 10.0.0.300, hostnames: [a_b]}]",
                        "8:22 spec.hostAliases[0].ip: must be an IP address; found '10.0.0.300'",
                        "8:46 spec.hostAliases[0].hostnames[0]: must be a DNS name: at most 253 lower-case letters,"
                                + " digits, '-' and '.', with a letter or digit at both ends of each part; found"
                                + " 'a_b'"),
                spec("volumes: [{name: a, hostPath: {path: ../x}}, {name: a, hostPath: {path: /x/../y, type: Dir}}]",
                        "8:40 spec.volumes[0].hostPath.path: must be an absolute path; found '../x'",
                        "8:55 spec.volumes[1].name: must be unique; 'a' is there already",
                        "8:75 spec.volumes[1].hostPath.path: must not contain '..'",
                        "8:90 spec.volumes[1].hostPath.type: expected one of DirectoryOrCreate, Directory,"
                                + " FileOrCreate, File, Socket, CharDevice, BlockDevice, found the string 'Dir'"),
                spec("volumes: [{name: a, emptyDir: {medium: Disk}, hostPath: {path: /x}}]",
                        "8:13 spec.volumes[0]: must not have more than one kind of volume"),
                spec("nodeName: 5",
                        "8:13 spec.nodeName: expected a string, found the number 5; in quotes, '5' is a string"));
    }

    static Stream<Arguments> refused() {
        return Stream.of( // I4
                spec("serviceAccountName: builder",
                        "8:23 spec.serviceAccountName: service accounts live in an API server, and a static pod has"
                                + " none; leave it out"),
                spec("automountServiceAccountToken: true",
                        "8:33 spec.automountServiceAccountToken: tokens come from an API server, and a static pod has"
                                + " none; leave it out"),
                spec("os: {name: windows}", "8:14 spec.os.name: must be linux; nothing else runs here"),
                spec("resourceClaims: [{name: gpu}]",
                        "8:3 spec.resourceClaims: devices are claimed from an API server, and a static pod has none"),
                spec("volumes: [{name: a, csi: {driver: x}}]",
                        "8:23 spec.volumes[0].csi: a CSI volume needs drivers that an API server announces; use"
                                + " hostPath for what is on the node"));
    }

    static Stream<Arguments> notYet() {
        return Stream.of(
                spec("hostUsers: false", "8:3 not supported yet: spec.hostUsers"),
                spec("volumes: [{name: a, nfs: {path: /b}}]", "8:23 not supported yet: spec.volumes[0].nfs"),
                container("restartPolicy: Always", "8:20 not supported yet: spec.containers[0].restartPolicy"),
                container("resources: {limits: {ephemeral-storage: 1Gi}}",
                        "8:45 not supported yet: spec.containers[0].resources.limits[ephemeral-storage]"));
    }

    @ParameterizedTest
    @MethodSource({ "kinds", "shapes", "rules", "refused", "notYet", "order" })
    void everyFaultIsNamedWithItsPlace(String text, List<String> faults) {
        assertThat(faults(PodReaderTest.reading(text))).isEqualTo(faults);
    }

    static Stream<String> fine() {
        return Stream.of("securityContext: {}", "shareProcessNamespace: false", "initContainers: []", "hostUsers: true",
                "setHostnameAsFQDN: false", "imagePullSecrets: [{name: a}]", "serviceAccountName: default",
                "automountServiceAccountToken: false", "os: {name: linux}", "nodeName: node1", "nodeSelector: {}",
                "affinity: {podAntiAffinity: {}}", "priority: 5", "enableServiceLinks: false", "runtimeClassName: ''", "runtimeClassName: gvisor",
                "activeDeadlineSeconds:", "hostIPC: true", "overhead: {cpu: 1}");
    }

    @ParameterizedTest
    @MethodSource
    void fine(String spec) {
        assertThat(faults(PodReaderTest.reading(HEAD + MAIN + spec.indent(2)))).isEmpty();
    }

    @Test
    void faultsInAListSayWhichItem() {
        String list = """
                apiVersion: v1
                kind: List
                items:
                - apiVersion: v1
                  kind: Pod
                  metadata: {name: a}
                  spec: {containers: [{name: a, image: b, tty: x, tty: y}]}
                - 5
                """;
        assertThat(faults(PodReaderTest.reading(list))).containsExactly(
                "7:51 items[0].spec.containers[0].tty: is given twice, first in line 7",
                "8:3 items[1]: expected an object such as a Pod, found the number 5");
    }

    @Test
    void ofVeryManyFaultsTwentyAreNamed() { // all of them, but a person reads no more
        StringBuilder many = new StringBuilder(HEAD + MAIN);
        for (int i = 0; i < 50; i++) {
            many.append("    z").append(i).append(": 1\n");
        }
        assertThat(faults(PodReaderTest.reading(many.toString()))).hasSize(20);
    }

    static List<String> faults(Reading reading) {
        assertThat(reading.broken()).isNull();
        return reading.documents().stream().flatMap(d -> d.faults().stream()).map(f -> f.place().line() + ":"
                + f.place().column() + " " + (f.path().isEmpty() ? "" : f.path() + ": ") + f.message()).toList();
    }
}

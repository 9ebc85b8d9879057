package io.holdfast.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read when a part of a pod is wrong that is more than its plain containers. */
class BadPodFieldTest {

    private static final String HEAD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n";
    private static final String MAIN = "  containers:\n  - name: main\n    image: busybox\n";
    private static final String C = "spec.containers[0].";

    /** In the container that begins in line 6; the path is in it. */
    private static Arguments container(String more, String... faults) {
        return Arguments.of(HEAD + MAIN + more.indent(4), Stream.of(faults).map(f -> C + f).toList());
    }

    /** From line 8 on, in spec; the path is in it. */
    private static Arguments spec(String more, String... faults) {
        return Arguments.of(HEAD + MAIN + more.indent(2), Stream.of(faults).map(f -> "spec." + f).toList());
    }

    static Stream<Arguments> probes() {
        return Stream.of( // I3
                container("livenessProbe: {}", "livenessProbe: must have one of exec, httpGet, tcpSocket, grpc"),
                container("readinessProbe: {tcpSocket: {port: 80}, grpc: {port: 1}}",
                        "readinessProbe: must have only one of exec, httpGet, tcpSocket, grpc"),
                container("startupProbe: {exec: {command: []}}",
                        "startupProbe.exec.command: must not be empty"),
                container("livenessProbe: {httpGet: {port: 0, scheme: http, httpHeaders: [{name: 'a b', value: x}]}}",
                        "livenessProbe.httpGet.port: must be between 1 and 65535, found 0",
                        "livenessProbe.httpGet.scheme: expected HTTP or HTTPS, found 'http'",
                        "livenessProbe.httpGet.httpHeaders[0].name: must be letters, digits and '-'"),
                container("livenessProbe: {tcpSocket: {port: 8589934592}}",
                        "livenessProbe.tcpSocket.port: must be between 1 and 65535, found 8589934592"),
                container("livenessProbe: {tcpSocket: {port: Http}}",
                        "livenessProbe.tcpSocket.port: must be a port name: at most 15 lower-case letters, digits and"
                                + " single '-', with a letter; found 'Http'"),
                container("livenessProbe: {grpc: {port: 70000}}",
                        "livenessProbe.grpc.port: must be between 1 and 65535, found 70000"),
                container("startupProbe: {tcpSocket: {port: a}, successThreshold: 2, failureThreshold: -1, periodSeconds:"
                        + " -1, timeoutSeconds: -1, initialDelaySeconds: -1}",
                        "startupProbe.successThreshold: must be 1 in a startupProbe",
                        "startupProbe.failureThreshold: must not be negative",
                        "startupProbe.periodSeconds: must not be negative",
                        "startupProbe.timeoutSeconds: must not be negative",
                        "startupProbe.initialDelaySeconds: must not be negative"),
                container("readinessProbe: {tcpSocket: {port: a}, terminationGracePeriodSeconds: 5}",
                        "readinessProbe.terminationGracePeriodSeconds: must not be set in a readinessProbe, which ends"
                                + " nothing"),
                container("livenessProbe: {tcpSocket: {port: a}, terminationGracePeriodSeconds: 0}",
                        "livenessProbe.terminationGracePeriodSeconds: must be greater than 0"));
    }

    static Stream<Arguments> hooks() {
        return Stream.of(
                container("lifecycle: {preStop: {}}", "lifecycle.preStop: must have one of exec, httpGet, sleep"),
                container("lifecycle: {preStop: {exec: {command: [a]}, sleep: {seconds: 1}}}",
                        "lifecycle.preStop: must have only one of exec, httpGet, sleep"),
                container("lifecycle: {postStart: {tcpSocket: {port: 1}}}",
                        "lifecycle.postStart.tcpSocket: a hook cannot do this; use exec, httpGet or sleep"),
                container("lifecycle: {preStop: {sleep: {seconds: 31}}}",
                        "lifecycle.preStop.sleep.seconds: must be between 0 and terminationGracePeriodSeconds (30)"),
                container("lifecycle: {stopSignal: SIGUSR1}",
                        "lifecycle.stopSignal: needs spec.os.name: signals are not the same everywhere; write os: {name:"
                                + " linux}"),
                Arguments.of(HEAD + "  os: {name: linux}\n" + MAIN + "    lifecycle: {stopSignal: SIGKIL}\n",
                        List.of(C + "lifecycle.stopSignal: expected a signal such as SIGTERM, found 'SIGKIL'; did you mean"
                                + " 'SIGKILL'?")));
    }

    static Stream<Arguments> initContainers() {
        return Stream.of( // C5, C6
                spec("initContainers: [{name: main, image: b}, {name: a, image: b}, {name: a, image: b}]",
                        "initContainers[0].name: must be unique; 'main' is one of spec.containers",
                        "initContainers[2].name: must be unique; 'a' is there already"),
                spec("initContainers: [{name: a, image: b, restartPolicy: Never}]",
                        "initContainers[0].restartPolicy: must be Always in an init container, or left out"),
                spec("initContainers: [{name: a, image: b, startupProbe: {tcpSocket: {port: 1}}}]",
                        "initContainers[0].startupProbe: an init container runs to its end; only one with restartPolicy"
                                + " Always can have this"),
                spec("initContainers: [{name: a, image: b, lifecycle: {preStop: {sleep: {seconds: 1}}}}]",
                        "initContainers[0].lifecycle: an init container runs to its end; only one with restartPolicy"
                                + " Always can have this"),
                spec("initContainers: [{name: a, image: '', restartPolicy: Always, livenessProbe: {grpc: {port: 0}}}]",
                        "initContainers[0].image: must not be empty",
                        "initContainers[0].livenessProbe.grpc.port: must be between 1 and 65535, found 0"),
                spec("initContainers: [{name: a, image: b, restartPolicy: Always, ports: [{containerPort: 1, hostPort:"
                        + " 80}]}, {name: c, image: b, restartPolicy: Always, ports: [{containerPort: 1, hostPort: 80}]},"
                        + " {name: d, image: b, ports: [{containerPort: 1, hostPort: 80}]}]",
                        "initContainers[1].ports[0].hostPort: must be unique; 80/TCP is there already"));
    }

    static Stream<Arguments> environment() {
        return Stream.of( // I4
                container("envFrom: [{}, {prefix: 'a=', configMapRef: {name: A}}, {configMapRef: {name: a}, secretRef:"
                        + " {name: ''}}]",
                        "envFrom[0]: must have one of configMapRef, secretRef",
                        "envFrom[1].prefix: must be printable ASCII without '='; found 'a='",
                        "envFrom[1].configMapRef.name: must be a DNS name: at most 253 lower-case letters, digits, '-' and"
                                + " '.', with a letter or digit at both ends of each part; found 'A'",
                        "envFrom[2]: must have only one of configMapRef, secretRef"),
                container("env: [{name: A, valueFrom: {}}]",
                        "env[0].valueFrom: must have one of fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef"),
                container("env: [{name: A, valueFrom: {configMapKeyRef: {name: '', key: 'a b'}}}]",
                        "env[0].valueFrom.configMapKeyRef.name: must not be empty",
                        "env[0].valueFrom.configMapKeyRef.key: the key must be at most 253 letters, digits, '-', '_' and"
                                + " '.', not '.' and not beginning with '..'"),
                container("env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpus, divisor: 2}}},"
                        + " {name: B, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1Mi}}}]",
                        "env[0].valueFrom.resourceFieldRef.resource: expected one of limits.cpu,"
                                + " limits.ephemeral-storage, limits.memory, requests.cpu, requests.ephemeral-storage,"
                                + " requests.memory; found 'limits.cpus'; did you mean 'limits.cpu'?",
                        "env[0].valueFrom.resourceFieldRef.divisor: must be 1 of a unit, such as 1, 1k or 1Mi",
                        "env[1].valueFrom.resourceFieldRef.divisor: must be 1 or 1m"));
    }

    static Stream<Arguments> volumes() {
        return Stream.of( // G3
                spec("volumes: [{name: a, configMap: {defaultMode: 0o1000, items: [{key: a, path: /b}, {key: 'a b', path:"
                        + " b/../c, mode: -1}, {key: c, path: d}, {key: e, path: d}]}}]",
                        "volumes[0].configMap.name: is required",
                        "volumes[0].configMap.defaultMode: must be between 0 and 0777 (511 in JSON), found 512",
                        "volumes[0].configMap.items[0].path: must be a relative path; found '/b'",
                        "volumes[0].configMap.items[1].key: the key must be at most 253 letters, digits, '-', '_' and '.',"
                                + " not '.' and not beginning with '..'",
                        "volumes[0].configMap.items[1].path: must not contain '..'",
                        "volumes[0].configMap.items[1].mode: must be between 0 and 0777 (511 in JSON), found -1",
                        "volumes[0].configMap.items[3].path: must be unique; 'd' is there already"),
                spec("volumes: [{name: a, secret: {name: b}}]", "volumes[0].secret.secretName: is required",
                        "volumes[0].secret.name: is the name of a projected Secret; a volume's is secretName"),
                spec("volumes: [{name: a, downwardAPI: {items: [{path: ..a, fieldRef: {fieldPath: status.podIP}}, {path: b},"
                        + " {path: c, resourceFieldRef: {resource: limits.cpu}}]}}]",
                        "volumes[0].downwardAPI.items[0].path: must not begin with '..'",
                        "volumes[0].downwardAPI.items[0].fieldRef.fieldPath: expected one of metadata.annotations,"
                                + " metadata.labels, metadata.name, metadata.namespace, metadata.uid,"
                                + " metadata.labels['KEY'], metadata.annotations['KEY']; found 'status.podIP'",
                        "volumes[0].downwardAPI.items[1]: must have one of fieldRef, resourceFieldRef",
                        "volumes[0].downwardAPI.items[2].resourceFieldRef.containerName: is required in a volume"),
                spec("volumes: [{name: a, projected: {sources: [{}, {configMap: {name: a, items: [{key: a, path: x}]}},"
                        + " {secret: {name: b, items: [{key: a, path: x}]}}, {serviceAccountToken: {path: t}}]}}]",
                        "volumes[0].projected.sources[0]: must have one of configMap, secret, downwardAPI",
                        "volumes[0].projected.sources[2].secret.items[0].path: must be unique; 'x' is there already",
                        "volumes[0].projected.sources[3]: must have one of configMap, secret, downwardAPI",
                        "volumes[0].projected.sources[3].serviceAccountToken: tokens come from an API server, and a static"
                                + " pod has none"));
    }

    private static Arguments mount(String more, String... faults) {
        return Arguments.of(HEAD + "  volumes: [{name: a}]\n" + MAIN + "    volumeMounts: [{name: a, mountPath: /a, " + more
                + "}]\n", Stream.of(faults).map(f -> C + "volumeMounts[0]." + f).toList());
    }

    static Stream<Arguments> mounts() {
        return Stream.of(
                mount("subPath: /a, subPathExpr: a/../b", "subPath: must be a relative path; found '/a'",
                        "subPathExpr: must not contain '..'"),
                mount("subPath: a, subPathExpr: $(B)", "subPathExpr: must not stand beside subPath"),
                mount("recursiveReadOnly: enabled",
                        "recursiveReadOnly: expected one of Disabled, IfPossible, Enabled; found 'enabled'; did you mean"
                                + " 'Enabled'?"),
                mount("recursiveReadOnly: Enabled",
                        "recursiveReadOnly: must be Disabled, or left out, unless readOnly is true"),
                mount("readOnly: true, recursiveReadOnly: Enabled, mountPropagation: HostToContainer",
                        "recursiveReadOnly: must be Disabled, or left out, with a mountPropagation other than None"));
    }

    static Stream<Arguments> security() {
        return Stream.of(
                container("securityContext: {privileged: true, allowPrivilegeEscalation: false, runAsUser: -1, procMount:"
                        + " Default}",
                        "securityContext.allowPrivilegeEscalation: must not be false with privileged: true",
                        "securityContext.runAsUser: must be between 0 and 2147483647, found -1"),
                container("securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [CAP_SYS_ADMIN, NET_ADMN,"
                        + " ALL], drop: [net_raw]}, procMount: unmasked}",
                        "securityContext.allowPrivilegeEscalation: must not be false with the capability SYS_ADMIN",
                        "securityContext.capabilities.add[1]: expected a capability such as NET_ADMIN, or ALL; found"
                                + " 'NET_ADMN'; did you mean 'NET_ADMIN'?",
                        "securityContext.capabilities.drop[0]: expected a capability such as NET_ADMIN, or ALL; found"
                                + " 'net_raw'; did you mean 'NET_RAW'?",
                        "securityContext.procMount: expected Default or Unmasked, found 'unmasked'; did you mean"
                                + " 'Unmasked'?"),
                container("securityContext: {seccompProfile: {type: Localhost}, appArmorProfile: {type: Unconfined,"
                        + " localhostProfile: x}, windowsOptions: {}}",
                        "securityContext.seccompProfile.localhostProfile: is required with type Localhost",
                        "securityContext.appArmorProfile.localhostProfile: must be left out unless type is Localhost",
                        "securityContext.windowsOptions: nothing but linux runs here"),
                spec("securityContext: {fsGroup: 4294967296, fsGroupChangePolicy: Never, supplementalGroups: [-1],"
                        + " supplementalGroupsPolicy: Strict, seccompProfile: {type: Localhost, localhostProfile: ../x}}",
                        "securityContext.fsGroup: must be between 0 and 2147483647, found 4294967296",
                        "securityContext.fsGroupChangePolicy: expected Always or OnRootMismatch, found 'Never'",
                        "securityContext.supplementalGroups[0]: must be between 0 and 2147483647, found -1",
                        "securityContext.seccompProfile.localhostProfile: must not contain '..'"),
                Arguments.of(HEAD + "  hostNetwork: true\n  hostIPC: true\n" + MAIN + "  securityContext: {sysctls: [{name:"
                        + " net/core/somaxconn, value: '1'}, {name: net.core.somaxconn, value: '1'}, {name:"
                        + " kernel.shmmax, value: '1'}, {name: 'a b', value: x}]}\n",
                        List.of("spec.securityContext.sysctls[0].name: must not be set with hostNetwork: it would change the"
                                + " node",
                                "spec.securityContext.sysctls[1].name: must be unique; 'net.core.somaxconn' is there"
                                        + " already",
                                "spec.securityContext.sysctls[2].name: must not be set with hostIPC: it would change the"
                                        + " node",
                                "spec.securityContext.sysctls[3].name: must be the name of a sysctl, such as"
                                        + " net.core.somaxconn; found 'a b'")));
    }

    static Stream<Arguments> ofThePod() {
        return Stream.of(
                spec("activeDeadlineSeconds: 0", "activeDeadlineSeconds: must be between 1 and 2147483647"),
                spec("readinessGates: [{conditionType: a b}]",
                        "readinessGates[0].conditionType: the key must be a name of at most 63 letters, digits, '-', '_' and"
                                + " '.', with a letter or digit at both ends, after an optional DNS name and '/'"),
                spec("imagePullSecrets: [{name: ''}]", "imagePullSecrets[0].name: must not be empty"),
                Arguments.of(HEAD + "  hostPID: true\n" + MAIN + "  shareProcessNamespace: true\n",
                        List.of("spec.shareProcessNamespace: must not be true with hostPID")),
                spec("nodeSelector: {'a b': c, d: e f}",
                        "nodeSelector[a b]: the key must be a name of at most 63 letters, digits, '-', '_' and '.', with a"
                                + " letter or digit at both ends, after an optional DNS name and '/'",
                        "nodeSelector[d]: must be at most 63 letters, digits, '-', '_' and '.', with a letter or digit at"
                                + " both ends; found 'e f'"),
                spec("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}",
                        "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: must have at"
                                + " least one term"));
    }

    @ParameterizedTest
    @MethodSource({"probes", "hooks", "initContainers", "environment", "volumes", "mounts", "security", "ofThePod"})
    void everyFaultIsNamed(String text, List<String> faults) {
        assertThat(faults(text)).containsExactlyInAnyOrderElementsOf(faults);
    }

    @ParameterizedTest
    @ValueSource(strings = {"In | [] | must not be empty with In", "Exists | [a] | must be left out with Exists",
            "Gt | [a] | must be one integer, in quotes, with Gt", "Lt | ['1', '2'] | must be one integer, in quotes, with Lt"})
    void eachOperatorHasItsValues(String row) {
        String[] words = row.split(" \\| ");
        String required = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].";
        String text = HEAD + MAIN + "  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
                + " {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: " + words[0] + ", values: " + words[1]
                + "}], matchFields: [{key: b, operator: Exists}]}]}}}\n";
        assertThat(faults(text)).containsExactlyInAnyOrder(
                "spec." + required + "matchExpressions[0].values: " + words[2],
                "spec." + required + "matchFields[0].key: expected metadata.name, found 'b'",
                "spec." + required + "matchFields[0].operator: expected In or NotIn, found Exists",
                "spec." + required + "matchFields[0].values: must be one name");
    }

    static Stream<String> fine() {
        return Stream.of("securityContext: {runAsUser: 0, sysctls: [{name: net.ipv4.ip_local_port_range, value: 1 2}]}",
                "initContainers: [{name: a, image: b, restartPolicy: Always, lifecycle: {preStop: {httpGet: {port: http}}},"
                        + " startupProbe: {exec: {command: [a]}, periodSeconds: 0}}, {name: c, image: d}]",
                "volumes: [{name: a, secret: {secretName: a, defaultMode: 0400, items: [{key: .a, path: a/b, mode: 256}]}},"
                        + " {name: b, projected: {sources: [{secret: {name: x}}, {downwardAPI: {items: [{path: a, fieldRef:"
                        + " {fieldPath: metadata.labels}}]}}]}}]",
                "readinessGates: [{conditionType: example.com/ready}]", "activeDeadlineSeconds: 1");
    }

    @ParameterizedTest
    @MethodSource
    void fine(String spec) {
        assertThat(faults(HEAD + MAIN + spec.indent(2))).isEmpty();
    }

    private static List<String> faults(String text) {
        return BadManifestTest.faults(PodReaderTest.reading(text)).stream()
                .filter(fault -> !fault.contains("not supported yet"))
                .map(fault -> fault.substring(fault.indexOf(' ') + 1)).toList();
    }
}

package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Behaviour M8. */
final class RestrictedTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "imagePullSecrets":[{"name":"s"}]                    | spec.imagePullSecrets refers to a Secret
            "serviceAccountName":"builder"                       | spec.serviceAccountName refers to a service account
            "volumes":[{"name":"a","emptyDir":{}},{"name":"v","configMap":{"name":"c"}}] | spec.volumes[1].configMap refers to a ConfigMap
            "volumes":[{"name":"v","projected":{"sources":[{"secret":{"name":"c"}}]}}] | spec.volumes[0].projected.sources[0].secret refers to a Secret
            "volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}] | spec.volumes[0].persistentVolumeClaim refers to a persistent volume claim
            "initContainers":[{"env":[{"name":"E","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}]}] | spec.initContainers[0].env[0].valueFrom.secretKeyRef refers to a Secret
            """)
    void what_no_server_takes_is_named(String field, String reason) {
        assertThat(Restricted.reason(Pods.desired("web", "v1", "," + field)))
                .contains(reason + ", which API servers refuse in the mirror of a node; the pod runs without being shown");
    }

    @Test
    void what_only_has_such_a_name_is_nothing_to_it() {
        assertThat(Restricted.reason(Pods.desired("web", "v1", """
                ,"nodeSelector":{"secret":"x"},"imagePullSecrets":[],"serviceAccountName":"",\
                "volumes":[{"name":"configMap","emptyDir":{}}]"""))).isEmpty();
    }
}

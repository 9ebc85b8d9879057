package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.mirror.ConnectionSettings.From;

final class ConnectionSettingsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", textBlock = """
            -  | - | -  | -         | -                | 'kubeconfig' must be the path of a kubeconfig, or 'in.cluster' a directory with token and ca.crt, and not both
            " "| - | "" | -         | -                | 'kubeconfig' must be the path of a kubeconfig, or 'in.cluster' a directory with token and ca.crt, and not both
            /k | - | /d | -         | -                | 'kubeconfig' must be the path of a kubeconfig, or 'in.cluster' a directory with token and ca.crt, and not both
            /k | - | -  | https://a | -                | 'server' must be left out when kubeconfig is set, which says it
            -  | c | /d | https://a | -                | 'context' must be left out when in.cluster is set
            -  | - | /d | -         | -                | 'server' must be the API server's URL, such as https://10.0.0.1:6443, as KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set
            -  | - | /d | a:6443    | -                | 'server' must be an http or https URL without a user, such as https://10.0.0.1:6443
            /k | - | -  | -         | http://u:pw@p    | 'proxy' must be an http URL without a user, such as http://proxy.example.org:3128; other kinds of proxies are not supported
            /k | - | -  | -         | socks5://p:1     | 'proxy' must be an http URL without a user, such as http://proxy.example.org:3128; other kinds of proxies are not supported
            """)
    void what_cannot_be_meant_is_refused_with_what_was_expected(String kubeconfig, String context, String inCluster,
            String server, String proxy, String message) {
        assertThatThrownBy(() -> ConnectionSettings.of(kubeconfig, context, inCluster, server, proxy, Map.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void in_a_cluster_the_environment_says_where_the_server_is() {
        Map<String, String> environment = Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443");
        assertThat(ConnectionSettings.of(null, null, "/d", null, null, environment).from())
                .isInstanceOfSatisfying(From.InCluster.class, in -> assertThat(in.server()).hasToString("https://[fd00::1]:443"));
    }
}

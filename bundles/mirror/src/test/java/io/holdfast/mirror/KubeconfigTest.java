package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.mirror.ConnectionSettings.From;

final class KubeconfigTest {

    private static final String SECRET = "s3cr3t";

    @TempDir
    Path temp;

    private Home home;

    @BeforeEach
    void begin() {
        home = new Home(temp);
    }

    @Test
    void the_current_context_or_another_one_says_who_asks_whom() throws Exception {
        home.write("config", """
                apiVersion: v1
                kind: Config
                preferences: {}
                current-context: b@two
                clusters:
                - cluster: {server: "https://one:6443"}
                  name: one
                - cluster: {server: "https://two:6443", extensions: [{name: minikube.sigs.k8s.io, extension: {}}]}
                  name: two
                contexts:
                - context: {cluster: one, user: a, namespace: x}
                  name: a@one
                - context: {cluster: two, user: b}
                  name: b@two
                - context: {cluster: one}
                  name: nobody@one
                users:
                - name: a
                  user: {token: token-a}
                - name: b
                  user: {token: token-b}
                """);
        assertThat(read(Optional.empty())).hasToString("https://two:6443 as " + at("users[b].user"));
        assertThat(read(Optional.of("a@one"))).hasToString("https://one:6443 as " + at("users[a].user"));
        assertThat(read(Optional.of("a@one")).token()).contains("token-a");
        assertThat(read(Optional.of("nobody@one")).token()).isEmpty();
        assertThatThrownBy(() -> read(Optional.of("c@two"))).hasMessage("'context' of the mirror's configuration: there is "
                + "no 'c@two' in " + at("contexts") + "; there are 'a@one', 'b@two', 'nobody@one'");
    }

    @Test
    void json_is_a_kubeconfig_too() throws Exception {
        home.write("config", """
                {"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "one", "user": "a"}}],
                 "clusters": [{"name": "one", "cluster": {"server": "https://one"}}],
                 "users": [{"name": "a", "user": {"token": "t"}}]}
                """);
        assertThat(read(Optional.empty())).hasToString("https://one as " + at("users[a].user"));
    }

    @Test
    void of_a_token_and_its_file_the_file_counts() throws Exception {
        home.write("token", "newer\n");
        home.kubeconfig("server: 'https://one'", "token: older, tokenFile: token");
        assertThat(read(Optional.empty()).token()).contains("newer");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", textBlock = """
            server: one:6443                              | token: t | clusters[one].cluster.server: must be an http or https URL without a user, such as https://10.0.0.1:6443
            server: 'https://u:s3cr3t@one'                | token: t | clusters[one].cluster.server: must be an http or https URL without a user, such as https://10.0.0.1:6443
            ""                                            | token: t | clusters[one].cluster.server: must be set
            server: 12                                    | token: t | clusters[one].cluster.server: must be a string; put it in quotes
            server: 'https://one', insecure-skip-tls-verify: "yes!" | token: t | clusters[one].cluster.insecure-skip-tls-verify: must be true or false
            server: 'https://one', insecure-skip-tls-verify: true, certificate-authority-data: AAAA | token: t | clusters[one].cluster.insecure-skip-tls-verify: must be left out when certificate-authority is set
            server: 'https://one', certificate-authority-data: AAAA, certificate-authority: ca | token: t | clusters[one].cluster.certificate-authority: must be left out when certificate-authority-data is set
            server: 'https://one', certificate-authority-data: A | token: t | clusters[one].cluster.certificate-authority-data: must be base64
            server: 'https://one', proxy-url: 'socks5://p:1' | token: t | clusters[one].cluster.proxy-url: must be an http URL without a user, such as http://proxy.example.org:3128; other kinds of proxies are not supported
            server: 'https://one' | username: u, password: s3cr3t | users[node1].user.username: not supported; known are client-certificate and client-key, inline as client-certificate-data and client-key-data, token, tokenFile and exec
            server: 'https://one' | password: s3cr3t              | users[node1].user.password: not supported; known are client-certificate and client-key, inline as client-certificate-data and client-key-data, token, tokenFile and exec
            server: 'https://one' | auth-provider: {name: gcp}    | users[node1].user.auth-provider: not supported; known are client-certificate and client-key, inline as client-certificate-data and client-key-data, token, tokenFile and exec
            server: 'https://one' | as: admin                     | users[node1].user.as: not supported; known are client-certificate and client-key, inline as client-certificate-data and client-key-data, token, tokenFile and exec
            server: 'https://one' | token: 123456                 | users[node1].user.token: must be a string; put it in quotes
            server: 'https://one' | token: 's3cr3t s3cr3t'        | users[node1].user.token: must be a token, without white space
            server: 'https://one' | client-key-data: AAAA         | users[node1].user.client-certificate: must be set, too
            server: 'https://one' | client-certificate-data: AAAA | users[node1].user.client-key: must be set, too
            server: 'https://one' | exec: {command: c}            | users[node1].user.exec.apiVersion: must be set
            server: 'https://one' | exec: {command: c, apiVersion: client.authentication.k8s.io/v1alpha1} | users[node1].user.exec.apiVersion: must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1
            server: 'https://one' | exec: {command: c, apiVersion: client.authentication.k8s.io/v1} | users[node1].user.exec.interactiveMode: must be Never, IfAvailable or Always
            server: 'https://one' | exec: {command: c, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always} | users[node1].user.exec.interactiveMode: Always, but nobody is there to be asked; use a plugin that asks nothing
            server: 'https://one' | exec: {apiVersion: client.authentication.k8s.io/v1beta1} | users[node1].user.exec.command: must be set
            server: 'https://one' | exec: {command: c, apiVersion: client.authentication.k8s.io/v1beta1, args: [1]} | users[node1].user.exec.args: must be a list of strings; put each in quotes
            server: 'https://one' | exec: {command: c, apiVersion: client.authentication.k8s.io/v1beta1, env: [{value: x}]} | users[node1].user.exec.env[0].name: must be set
            server: 'https://one' | exec: true                    | users[node1].user.exec: must be a map
            """)
    void what_cannot_be_used_is_named_with_what_was_expected(String cluster, String user, String message) throws Exception {
        home.kubeconfig(cluster, user);
        assertThatThrownBy(() -> read(Optional.empty())).isInstanceOf(FileTrouble.class).hasMessage(at(message))
                .hasMessageNotContaining(SECRET);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""                             | ": it is empty"
            # nothing                      | ": it is empty"
            - a list                       | ": must be a map"
            users: {                       | ":1:9: not YAML"
            token: *s3cr3t                 | ":1:8: not YAML"
            users: !!s3cr3t x              | ":1:8: not YAML"
            {users: [], users: []}         | ":1:13: a key that stands there already"
            users: x                       | ": current-context: must be set, or 'context' in the mirror's configuration; there are none"
            current-context: a             | ": current-context: there is no 'a' in kubeconfig FILE: contexts; there are none"
            contexts: [{name: x}, {name: y}] | ": current-context: must be set, or 'context' in the mirror's configuration; there are 'x', 'y'"
            {current-context: x, contexts: [{name: x}]} | ": contexts[x].context.cluster: must be set"
            {current-context: x, contexts: [{name: x, context: {cluster: y}}]} | ": contexts[x].context.cluster: there is no 'y' in kubeconfig FILE: clusters; there are none"
            {current-context: x, contexts: [{context: {}}]} | ": contexts[0].name: must be set"
            {current-context: x, contexts: {}} | ": contexts: must be a list"
            """)
    void a_file_that_is_no_kubeconfig_is_named_with_the_place(String content, String message) throws Exception {
        home.write("config", content);
        String file = home.path("config").toString();
        assertThatThrownBy(() -> read(Optional.empty())).isInstanceOf(FileTrouble.class)
                .hasMessage("kubeconfig " + file + message.replace("FILE", file)).hasMessageNotContaining(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"certificate-authority", "client-certificate", "client-key", "tokenFile"})
    void a_file_that_is_not_there_is_named_with_who_names_it(String key) throws Exception {
        boolean ofUser = !key.equals("certificate-authority");
        home.kubeconfig("server: 'https://one'" + (ofUser ? "" : ", " + key + ": gone"),
                ofUser ? key + ": gone" : "token: t");
        assertThatThrownBy(() -> read(Optional.empty())).isInstanceOf(FileTrouble.class).hasMessage(
                at((ofUser ? "users[node1].user." : "clusters[one].cluster.") + key + " " + home.path("gone")
                        + ": no such file"));
    }

    @Test
    void no_secret_is_shown_by_what_was_read() throws Exception {
        home.kubeconfig("server: 'https://one'", "token: " + SECRET);
        assertThat(read(Optional.empty()).toString()).doesNotContain(SECRET);
        assertThat(Fields.of("x", Map.of("token", SECRET)).toString()).doesNotContain(SECRET);
        assertThat(new ExecPlugin.Credential(Optional.of(SECRET), Optional.empty(), Optional.empty(), Optional.empty())
                .toString()).doesNotContain(SECRET);
        assertThat(ConnectionSettings.of("/k", null, null, null, null, Map.of("TOKEN", SECRET)).toString())
                .doesNotContain(SECRET);
    }

    @Test
    void what_nests_without_end_is_no_kubeconfig() throws Exception {
        Files.writeString(home.path("config"), "[".repeat(100_000));
        assertThatThrownBy(() -> read(Optional.empty())).isInstanceOf(FileTrouble.class);
    }

    private Access read(Optional<String> context) throws FileTrouble {
        return Kubeconfig.read(new ReadFiles(), new From.Kubeconfig(home.path("config"), context));
    }

    private String at(String field) {
        return "kubeconfig " + home.path("config") + ": " + field;
    }
}

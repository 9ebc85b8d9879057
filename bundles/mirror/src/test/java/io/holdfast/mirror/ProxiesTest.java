package io.holdfast.mirror;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.cell.Cell;
import io.holdfast.kit.testing.Certificates;
import io.holdfast.kit.testing.Certificates.Pair;
import io.holdfast.kit.tls.FileTrouble;

/** Proxies as kubectl finds them. */
@Timeout(60)
final class ProxiesTest {

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://a.example.org | ''                     | false
            https://a.example.org | b.example.org          | false
            https://a.example.org | a.example.org          | true
            https://A.example.org | example.org            | true
            https://a.example.org | .example.org           | true
            https://a.example.org | *.example.org          | true
            https://example.org   | .example.org           | false
            https://an.example    | x,  n.example , y      | false
            https://a.example     | x,  a.example , y      | true
            https://a.example     | a.example:443          | true
            https://a.example     | a.example:6443         | false
            https://a.example:6443 | a.example:6443        | true
            https://a.example     | *                      | true
            https://10.1.2.3      | *                      | true
            https://10.1.2.3      | 10.1.2.3               | true
            https://10.1.2.3      | 10.1.2.4               | false
            https://10.1.2.3      | 10.0.0.0/8             | true
            https://10.1.2.3      | 10.1.2.0/31            | false
            https://10.1.2.3      | 10.1.2.2/31            | true
            https://10.1.2.3      | 0.0.0.0/0              | true
            https://10.1.2.3      | 10.1.2.3/99            | false
            https://10.1.2.3      | fd00::/8               | false
            https://[fd00::1]     | fd00::/8               | true
            https://[fd00::1]:6443 | fd00::1               | true
            https://localhost     | ''                     | true
            https://127.0.0.1     | ''                     | true
            https://[::1]         | ''                     | true
            """)
    void some_servers_are_asked_directly(String server, String exceptions, boolean direct) {
        assertThat(Proxies.isDirect(URI.create(server), exceptions)).isEqualTo(direct);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            https://a | -        | -                 | -
            https://a | http://p | HTTPS_PROXY=q:1   | p/<unresolved>:80
            https://a | -        | HTTPS_PROXY=q:1   | q/<unresolved>:1
            https://a | -        | https_proxy=q:1   | q/<unresolved>:1
            https://a | -        | HTTP_PROXY=q:1    | -
            http://a  | -        | HTTP_PROXY=http://q:1 | q/<unresolved>:1
            https://a | -        | HTTPS_PROXY=q:1 NO_PROXY=a | -
            https://a | http://p | NO_PROXY=a        | p/<unresolved>:80
            """)
    void what_is_set_goes_before_the_environment(String server, String set, String variables, String expected)
            throws Exception {
        ProxySelector selector = Proxies.selector(URI.create(server), Optional.ofNullable(set).map(URI::create),
                environment(variables));
        assertThat(selector.select(URI.create(server))).extracting(proxy -> String.valueOf(proxy.address()))
                .containsExactly(expected == null ? "null" : expected);
    }

    @Test
    void a_proxy_that_is_not_supported_is_named_without_its_password() {
        assertThatThrownBy(() -> Proxies.selector(URI.create("https://a"), Optional.empty(),
                Map.of("HTTPS_PROXY", "http://user:s3cr3t@p:1"))).isInstanceOf(FileTrouble.class)
                .hasMessage("the environment variable HTTPS_PROXY must be an http URL without a user, such as "
                        + "http://proxy.example.org:3128; other kinds of proxies are not supported");
    }

    @Test
    void a_server_is_reached_through_its_proxy() throws Exception {
        Certificates certificates = new Certificates(temp);
        Pair authority = certificates.authority("authority");
        Pair server = certificates.signed("server", authority, "DNS:kubernetes.invalid");
        try (Site site = Site.open(certificates.server(server, authority));
                ServerSocket proxy = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Cell<List<String>> asked = new Cell<>(List.of());
            Thread.ofVirtual().start(() -> tunnel(proxy, site.url().getPort(), asked));
            new Home(temp).kubeconfig("server: 'https://kubernetes.invalid', certificate-authority: authority.crt, "
                    + "proxy-url: 'http://127.0.0.1:" + proxy.getLocalPort() + "'", "token: t");
            try (HttpApi api = new Home(temp).open()) {
                api.get("/x");
            }
            assertThat(asked.value()).containsExactly("CONNECT kubernetes.invalid:443 HTTP/1.1");
            assertThat(site.last().header("Authorization")).isEqualTo("Bearer t");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            403 Forbidden                     | the proxy does not let us through to the server
            407 Proxy Authentication Required | the server answered 407: the proxy wants to know who we are, which is not supported
            """)
    void a_proxy_that_refuses_is_told_from_a_server(String status, String message) throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> refuse(proxy, status));
            new Home(temp).kubeconfig("server: 'https://kubernetes.invalid'", "token: t");
            try (HttpApi api = new Home(temp).open(Map.of("HTTPS_PROXY", "127.0.0.1:" + proxy.getLocalPort()))) {
                assertThat(catchThrowableOfType(ApiFailure.Unreachable.class, () -> api.get("/x"))).hasMessage(message);
            }
        }
    }

    private static Map<String, String> environment(String variables) {
        Map<String, String> all = new HashMap<>();
        for (String variable : variables == null ? new String[0] : variables.split(" ")) {
            all.put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
        }
        return all;
    }

    private static void tunnel(ServerSocket proxy, int port, Cell<List<String>> asked) {
        try (Socket client = proxy.accept(); Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            asked.set(List.of(head(client).lines().findFirst().orElse("")));
            client.getOutputStream().write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(ISO_8859_1));
            Thread.ofVirtual().start(() -> copy(server, client));
            client.getInputStream().transferTo(server.getOutputStream());
        } catch (IOException _) {
            // over
        }
    }

    private static void refuse(ServerSocket proxy, String status) {
        try (Socket client = proxy.accept()) {
            head(client);
            client.getOutputStream().write(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n").getBytes(ISO_8859_1));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String head(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) client.getInputStream().read());
        }
        return head.toString();
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // over
        }
    }
}

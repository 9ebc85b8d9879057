package io.holdfast.mirror;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.holdfast.kit.tls.FileTrouble;

/** Through which proxy to go, as kubectl finds it: the one that is set, else that of the environment. */
final class Proxies {

    private Proxies() {
    }

    /**
     * @param setting where it stands, for the message
     * @throws FileTrouble it is no proxy of a kind that is supported
     */
    static URI url(String setting, String text) throws FileTrouble {
        Optional<URI> url = ConnectionSettings.httpUrl(text).filter(u -> "http".equalsIgnoreCase(u.getScheme()));
        return url.orElseThrow(() -> new FileTrouble(setting + " must be an http URL without a user, such as "
                + "http://proxy.example.org:3128; other kinds of proxies are not supported"));
    }

    static ProxySelector selector(URI server, Optional<URI> set, Map<String, String> environment) throws FileTrouble {
        Optional<URI> proxy = set.isPresent() ? set : ofEnvironment(server, environment);
        return proxy.map(url -> ProxySelector.of(
                InetSocketAddress.createUnresolved(url.getHost(), url.getPort() < 0 ? 80 : url.getPort())))
                .orElse(HttpClient.Builder.NO_PROXY);
    }

    private static Optional<URI> ofEnvironment(URI server, Map<String, String> environment) throws FileTrouble {
        String name = server.getScheme().toUpperCase(Locale.ROOT) + "_PROXY";
        String proxy = variable(environment, name);
        if (proxy.isEmpty() || isDirect(server, variable(environment, "NO_PROXY"))) {
            return Optional.empty();
        }
        return Optional.of(url("the environment variable " + name, proxy.contains("://") ? proxy : "http://" + proxy));
    }

    private static String variable(Map<String, String> environment, String name) {
        return Stream.of(name, name.toLowerCase(Locale.ROOT)).map(n -> environment.getOrDefault(n, "").strip())
                .filter(value -> !value.isEmpty()).findFirst().orElse("");
    }

    /** @param exceptions {@code NO_PROXY}: hosts, domains, addresses and networks, some with a port */
    static boolean isDirect(URI server, String exceptions) {
        String host = server.getHost().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
        int port = server.getPort() >= 0 ? server.getPort() : server.getScheme().equalsIgnoreCase("https") ? 443 : 80;
        Optional<InetAddress> address = address(host);
        return host.equals("localhost") || address.filter(InetAddress::isLoopbackAddress).isPresent()
                || Arrays.stream(exceptions.split(",")).map(e -> e.strip().toLowerCase(Locale.ROOT))
                        .anyMatch(e -> matches(e, host, port, address));
    }

    private static boolean matches(String exception, String host, int port, Optional<InetAddress> address) {
        if (exception.contains("/")) {
            return address.isPresent() && contains(exception, address.get());
        }
        String suffix = ":" + port;
        String name = exception.endsWith(suffix) ? exception.substring(0, exception.length() - suffix.length()) : exception;
        if (address.isPresent()) {
            return name.equals("*") || address(name.replaceAll("[\\[\\]]", "")).equals(address);
        }
        String domain = name.startsWith("*.") ? name.substring(1) : name;
        return name.equals("*") || !domain.isEmpty() && (host.equals(domain)
                || host.endsWith(domain.startsWith(".") ? domain : "." + domain));
    }

    private static boolean contains(String network, InetAddress address) {
        List<String> parts = List.of(network.split("/", 2));
        Optional<InetAddress> base = address(parts.get(0));
        if (base.isEmpty() || !parts.get(1).matches("[0-9]{1,3}")) {
            return false;
        }
        byte[] wanted = base.get().getAddress();
        byte[] have = address.getAddress();
        int bits = Integer.parseInt(parts.get(1));
        if (wanted.length != have.length || bits > have.length * 8) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (((wanted[bit / 8] ^ have[bit / 8]) & 0x80 >> bit % 8) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Of an address; never of a name, for which somebody would have to be asked. */
    private static Optional<InetAddress> address(String literal) {
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}

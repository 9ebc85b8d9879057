package io.holdfast.reconciler;

import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.holdfast.pod.Handler;
import io.holdfast.pod.Handler.Header;

/**
 * An HTTP GET of which only the status matters; of redirects those within the host are followed. It uses a socket of its
 * own: java.net.http sends no Host header but its own, and keeps threads and buffers that a probe has no use for.
 *
 * @param address what is connected to
 * @param path with the query
 */
record HttpCheck(boolean tls, String address, int port, String path, List<Header> headers, String agent) {

    private static final int MOST_REDIRECTS = 10;
    private static final int MOST_HEAD = 16 * 1024;
    private static final String LOCATION = "location:";
    /** Answers that only say that the answer is yet to come. */
    private static final Pattern INTERIM = Pattern.compile("^(?:HTTP/1\\.1 10[023].*?\\r\\n\\r\\n)+", Pattern.DOTALL);
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})\\b.*");

    private record Answer(int status, Optional<String> location) {
    }

    static HttpCheck of(Handler.HttpGet get, String podIp, String agent) {
        String path = get.path() == null || get.path().isEmpty() ? "/" : get.path();
        return new HttpCheck("HTTPS".equalsIgnoreCase(get.scheme()),
                get.host() == null || get.host().isEmpty() ? podIp : get.host(),
                Handlers.port(get.port()), path.startsWith("/") ? path : "/" + path, get.httpHeaders(), agent);
    }

    String url() {
        return (tls ? "https://" : "http://") + authority() + path;
    }

    private String authority() {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }

    /** @throws IOException there was no answer; the message says why */
    int status(Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        HttpCheck next = this;
        for (int redirects = 0; redirects < MOST_REDIRECTS; redirects++) {
            Answer answer = next.answer(deadline);
            Optional<HttpCheck> target = answer.location().flatMap(next::within);
            if (target.isEmpty()) {
                return answer.status();
            }
            next = target.get();
        }
        throw new IOException("stopped after " + MOST_REDIRECTS + " redirects");
    }

    /** Where a redirect leads, if it stays on the host. */
    private Optional<HttpCheck> within(String location) {
        try {
            URI to = URI.create(url()).resolve(location);
            String host = to.getHost() == null ? "" : to.getHost().replaceAll("[\\[\\]]", "");
            if (!host.equalsIgnoreCase(address)) {
                return Optional.empty();
            }
            boolean secure = "https".equalsIgnoreCase(to.getScheme());
            int there = to.getPort() >= 0 ? to.getPort() : secure ? 443 : 80;
            String query = to.getRawQuery() == null ? "" : "?" + to.getRawQuery();
            return Optional.of(new HttpCheck(secure, address, there, to.getRawPath().isEmpty() ? "/" : to.getRawPath() + query,
                    headers, agent));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // it leads nowhere
        }
    }

    private Answer answer(long deadline) throws IOException {
        try (Socket plain = new Socket(Proxy.NO_PROXY)) {
            Handlers.connect(plain, address, port, left(deadline));
            Socket socket = tls ? AnyServer.over(plain, address, port, left(deadline)) : plain;
            socket.getOutputStream().write(request().getBytes(StandardCharsets.UTF_8));
            return answer(socket, deadline);
        } catch (SocketTimeoutException e) {
            throw new IOException("context deadline exceeded (Client.Timeout exceeded while awaiting headers)", e);
        }
    }

    /** @throws SocketTimeoutException nothing is left */
    static Duration left(long deadline) throws SocketTimeoutException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        return Duration.ofNanos(left);
    }

    private String request() {
        StringBuilder text = new StringBuilder("GET ").append(encoded(path)).append(" HTTP/1.1\r\n");
        text.append("Host: ").append(header("Host").orElse(authority())).append("\r\n");
        text.append("User-Agent: ").append(header("User-Agent").orElse(agent)).append("\r\n");
        header("Accept").or(() -> Optional.of("*/*")).filter(a -> !a.isEmpty())
                .ifPresent(a -> text.append("Accept: ").append(a).append("\r\n"));
        for (Header header : headers) {
            if (!List.of("host", "user-agent", "accept", "connection").contains(header.name().toLowerCase(Locale.ROOT))) {
                text.append(clean(header.name())).append(": ").append(clean(header.value())).append("\r\n");
            }
        }
        return text.append("Connection: close\r\n\r\n").toString();
    }

    private Optional<String> header(String name) {
        return headers.stream().filter(h -> h.name().equalsIgnoreCase(name)).map(h -> clean(h.value())).findFirst();
    }

    /** Without what would end the line. */
    private static String clean(String text) {
        return text.replaceAll("[\\r\\n]", " ");
    }

    private static String encoded(String path) {
        StringBuilder text = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f) {
                text.append((char) b);
            } else {
                text.append("%%%02X".formatted(b & 0xff));
            }
        }
        return text.toString();
    }

    private static Answer answer(Socket socket, long deadline) throws IOException {
        String head = head(socket, deadline);
        Matcher status = STATUS.matcher(head.lines().findFirst().orElse(""));
        if (!status.matches()) {
            throw new IOException(head.isEmpty() ? "EOF" : "malformed HTTP response");
        }
        int code = Integer.parseInt(status.group(1));
        return new Answer(code, code < 300 || code >= 400 ? Optional.empty() : head.lines()
                .filter(l -> l.regionMatches(true, 0, LOCATION, 0, LOCATION.length()))
                .map(l -> l.substring(LOCATION.length()).strip()).findFirst());
    }

    /** Up to the empty line; what follows is not wanted. */
    private static String head(Socket socket, long deadline) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] some = new byte[4096]; // most often all of it in one go
        String text = "";
        while (text.length() < MOST_HEAD) {
            socket.setSoTimeout((int) Math.max(1, left(deadline).toMillis()));
            int n = in.read(some);
            if (n < 0) {
                break;
            }
            text = INTERIM.matcher(text + new String(some, 0, n, StandardCharsets.ISO_8859_1)).replaceFirst("");
            int end = text.indexOf("\r\n\r\n");
            if (end >= 0) {
                return text.substring(0, end);
            }
        }
        return text;
    }
}

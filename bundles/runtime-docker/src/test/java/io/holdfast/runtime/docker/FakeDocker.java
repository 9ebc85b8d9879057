package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.holdfast.cell.Cell;

/** An Engine that is played: it answers on a Unix socket what a test has told it to. */
final class FakeDocker implements AutoCloseable {

    /** @param target path and query, decoded */
    record Call(String method, String target, Map<String, String> headers, String body) {

        String words() {
            return method + " " + target;
        }
    }

    /** Writes what comes after the head of an answer; the connection is closed when it returns. */
    interface Body {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private record Reply(int status, Body body) {
    }

    final Cell<List<Call>> calls = new Cell<>(List.of());
    /** How many callers have hung up on an answer that does not end. */
    final Cell<Integer> hungUp = new Cell<>(0);
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final Path path;
    private final ServerSocketChannel server;

    FakeDocker(Path path) throws IOException {
        this.path = path;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        version("20.10.24", "1.41", "1.12");
        Thread.ofVirtual().start(this::accept);
    }

    void version(String engine, String newest, String oldest) {
        reply("GET /version", 200, """
                {"Version": "%s", "ApiVersion": "%s", "MinAPIVersion": "%s", "Arch": "amd64"}
                """.formatted(engine, newest, oldest));
    }

    /** @param beginning of method and target, without the API's version; the longest that fits is taken */
    void reply(String beginning, int status, String body) {
        stream(beginning, status, out -> out.write(body.getBytes(UTF_8)));
    }

    void stream(String beginning, int status, Body body) {
        replies.put(beginning, new Reply(status, body));
    }

    /** It answers and then says nothing, until the caller hangs up. */
    void hang(String beginning, String firstWords) {
        stream(beginning, 200, out -> {
            out.write(firstWords.getBytes(UTF_8));
            out.flush();
            throw new InterruptedException();
        });
    }

    long count(String beginning) {
        return calls.value().stream().filter(c -> c.words().startsWith(beginning)).count();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(SocketChannel client) {
        try (client; InputStream in = new BufferedInputStream(Channels.newInputStream(client))) {
            Call call = read(in);
            calls.update(all -> Stream.concat(all.stream(), Stream.of(call)).toList());
            Reply reply = replies.entrySet().stream().filter(r -> call.words().startsWith(r.getKey()))
                    .max((a, b) -> a.getKey().length() - b.getKey().length()).map(Map.Entry::getValue)
                    .orElse(new Reply(404, out -> out.write("{\"message\": \"no such thing\"}".getBytes(UTF_8))));
            OutputStream out = Channels.newOutputStream(client);
            out.write("HTTP/1.1 %d x\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
                    .formatted(reply.status()).getBytes(UTF_8));
            try {
                reply.body().write(out);
            } catch (InterruptedException e) {
                if (in.read() < 0) {
                    hungUp.update(n -> n + 1);
                }
            }
        } catch (IOException e) {
            // the caller has hung up
        }
    }

    private static Call read(InputStream in) throws IOException {
        String[] request = line(in).split(" ", 3);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (headers.containsKey("content-length")) {
            body.writeBytes(in.readNBytes(Integer.parseInt(headers.get("content-length"))));
        } else if (headers.containsKey("transfer-encoding")) {
            for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                body.writeBytes(in.readNBytes(size));
                line(in);
            }
            line(in);
        }
        return new Call(request[0], URLDecoder.decode(request[1], UTF_8).replaceFirst("^/v1\\.\\d+", ""), headers,
                body.toString(ISO_8859_1));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }
}

package io.holdfast.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A container engine for {@code holdfast prepare}: whatever it is asked by gRPC, it answers at once with the same message;
 * asked by HTTP it plays a Docker that has one dead pod until that is removed. So an agent loads the classes that it needs
 * for a pod, on a machine without engine and without root.
 */
final class TrainingEngine {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int PING = 6;

    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    /** In HPACK, without table and Huffman code: ":status: 200", "content-type: application/grpc". */
    private static final byte[] RESPONSE = "\210\017\020\020application/grpc".getBytes(ISO_8859_1);
    private static final byte[] TRAILERS = "\0\013grpc-status\0010".getBytes(ISO_8859_1);

    /**
     * After gRPC's own five bytes a message whose first field is "(1". That is an id where one is wanted and a message
     * with a field that nobody knows where a message is.
     */
    private static final byte[] MESSAGE = "\0\0\0\0\4\012\2(1".getBytes(ISO_8859_1);

    private static final String VERSION = "{'Version': '0', 'ApiVersion': '1.41', 'MinAPIVersion': '1.40', 'Arch': 'amd64'}";
    private static final String INSPECTED = """
            {'Id': '1', 'Created': '2026-01-01T00:00:00Z', 'State': {'Status': 'exited', 'ExitCode': 0,
             'StartedAt': '2026-01-01T00:00:00Z', 'FinishedAt': '2026-01-01T00:00:00Z'},
             'NetworkSettings': {'Networks': {'bridge': {'IPAddress': '10.0.0.2'}}},
             'Config': {'Labels': {'io.kubernetes.container.logpath': '/1.log'}}}
            """;
    private static final String LISTED = """
            {'Id': '%s', 'State': 'exited', 'Labels': {'io.holdfast.managed': 'true', 'io.kubernetes.docker.type': '%s',
             'io.kubernetes.pod.name': 'old', 'io.kubernetes.pod.namespace': 'default', 'io.kubernetes.pod.uid': '1',
             'io.kubernetes.sandbox.id': '1'}}""";
    private static final String LIST = "[" + LISTED.formatted("2", "container") + "," + LISTED.formatted("1", "podsandbox") + "]";

    private static volatile boolean removed;

    private TrainingEngine() {
    }

    public static void main(String[] args) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(Path.of(args[0])));
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        }
    }

    private static void serve(SocketChannel client) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(client)));
                DataOutputStream out = new DataOutputStream(Channels.newOutputStream(client))) {
            String request = line(in);
            if (!PREFACE.startsWith(request)) {
                docker(request, in, out);
                return;
            }
            in.skipNBytes(PREFACE.length() - request.length() - "\r\n".length());
            send(out, SETTINGS, 0, 0, new byte[0]);
            while (true) {
                int head = in.readInt();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] content = in.readNBytes(head >>> 8);
                answer(out, head & 0xff, flags, stream, content);
            }
        } catch (IOException e) {
            // the agent has hung up
        }
    }

    private static void docker(String request, DataInputStream in, DataOutputStream out) throws IOException {
        while (!line(in).isEmpty()) {
            // the headers say nothing
        }
        removed |= request.startsWith("DELETE");
        out.writeBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
        if (request.contains("/events")) {
            in.read(); // until the agent hangs up
        } else if (!request.contains("/logs")) {
            String json = request.contains("/version") ? VERSION : !request.contains("/containers/json") ? INSPECTED
                    : removed ? "[]" : LIST;
            out.writeBytes(json.replace('\'', '"'));
        }
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private static void answer(DataOutputStream out, int type, int flags, int stream, byte[] content) throws IOException {
        if (type == SETTINGS && (flags & ACK) == 0) {
            send(out, SETTINGS, ACK, 0, new byte[0]);
        } else if (type == PING && (flags & ACK) == 0) {
            send(out, PING, ACK, 0, content);
        } else if (type == DATA && (flags & END_STREAM) != 0) {
            send(out, HEADERS, END_HEADERS, stream, RESPONSE);
            send(out, DATA, 0, stream, MESSAGE);
            send(out, HEADERS, END_HEADERS | END_STREAM, stream, TRAILERS);
        }
    }

    private static void send(DataOutputStream out, int type, int flags, int stream, byte[] content) throws IOException {
        out.writeInt((content.length << 8) | type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(content);
        out.flush();
    }
}

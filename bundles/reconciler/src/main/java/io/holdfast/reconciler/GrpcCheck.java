package io.holdfast.reconciler;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;

/**
 * One call of {@code grpc.health.v1.Health/Check}, written out: it is all that a probe needs of gRPC, and java.net.http
 * cannot speak HTTP/2 in the clear without asking for it first, which gRPC servers do not understand. Headers of the answer
 * are not read: a server that has something to say about its health says it in the body.
 */
record GrpcCheck(String address, int port, String service) {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GO_AWAY = 7;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int MOST = 16 * 1024; // no frame may be larger, unless one asks for it
    private static final List<String> STATUSES = List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");
    private static final int SERVING = 1;

    /** @return empty when it serves, else what is wrong */
    String trouble(Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Socket socket = new Socket(Proxy.NO_PROXY)) {
            Handlers.connect(socket, address, port, timeout);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write(request());
            int status = status(answer(socket, out, deadline));
            return status == SERVING ? ""
                    : "service unhealthy (responded with \"" + (status < STATUSES.size() ? STATUSES.get(status) : status) + "\")";
        } catch (EOFException e) {
            throw new IOException("error: health rpc failed: the server has closed the connection", e);
        } catch (SocketTimeoutException e) {
            throw new IOException("timeout: health rpc did not complete within " + timeout.toSeconds() + "s", e);
        }
    }

    private byte[] request() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        frame(out, SETTINGS, 0, 0, new byte[0]);
        frame(out, HEADERS, END_HEADERS, 1, headers());
        frame(out, DATA, END_STREAM, 1, message());
        return bytes.toByteArray();
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload) throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    /** HPACK, by the indexes of its static table: 0x83 and 0x86 are {@code :method: POST} and {@code :scheme: http}. */
    private byte[] headers() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x83);
        out.write(0x86);
        header(out, "/grpc.health.v1.Health/Check", 0x04); // :path
        header(out, (address.contains(":") ? "[" + address + "]" : address) + ":" + port, 0x01); // :authority
        header(out, "application/grpc", 0x0f, 31 - 15); // content-type
        header(out, Handlers.PROBE_AGENT, 0x0f, 58 - 15); // user-agent
        out.write(0x00);
        header(out, "te");
        header(out, "trailers");
        return out.toByteArray();
    }

    private static void header(ByteArrayOutputStream out, String value, int... name) {
        for (int b : name) {
            out.write(b);
        }
        byte[] bytes = value.getBytes(US_ASCII);
        out.write(bytes.length); // all of them are shorter than the 127 that fit here
        out.writeBytes(bytes);
    }

    /** Not compressed, its length, and the Protobuf message with the name of the service as field 1. */
    private byte[] message() throws IOException {
        byte[] name = service.getBytes(UTF_8);
        ByteArrayOutputStream proto = new ByteArrayOutputStream();
        if (name.length > 0) {
            proto.write(1 << 3 | 2);
            int rest = name.length;
            for (; rest > 0x7f; rest >>>= 7) {
                proto.write(rest & 0x7f | 0x80);
            }
            proto.write(rest);
            proto.writeBytes(name);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(0);
        out.writeInt(proto.size());
        out.write(proto.toByteArray());
        return bytes.toByteArray();
    }

    /** The data of the stream, to its end. */
    private static byte[] answer(Socket socket, DataOutputStream out, long deadline) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        boolean ended = false;
        while (!ended) {
            socket.setSoTimeout((int) Math.max(1, HttpCheck.left(deadline).toMillis()));
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            if (length > MOST) {
                throw new IOException("error: this is no HTTP/2 server");
            }
            byte[] payload = in.readNBytes(length);
            if (type == DATA) {
                int padding = (flags & PADDED) == 0 ? 0 : 1 + (payload[0] & 0xff);
                data.write(payload, padding == 0 ? 0 : 1, Math.max(0, length - padding));
            } else if ((type == SETTINGS || type == PING) && (flags & ACK) == 0) {
                frame(out, type, ACK, 0, type == PING ? payload : new byte[0]);
            } else if (type == RESET || type == GO_AWAY) {
                throw new IOException("error: the server has closed the stream");
            }
            ended = stream == 1 && (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }
        return data.toByteArray();
    }

    /** Field 1 of the answer, a small number that Protobuf leaves out when it is 0. */
    private static int status(byte[] answer) throws IOException {
        if (answer.length < 5) {
            throw new IOException("error: health rpc failed: the server does not implement grpc.health.v1.Health,"
                    + " or does not know the service");
        }
        return answer.length >= 7 && answer[5] == 1 << 3 ? answer[6] & 0x7f : 0;
    }
}

package io.holdfast.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.holdfast.cell.Cell;

/** A page over HTTPS on loopback, with a certificate that nobody vouches for, as those of pods are. */
final class HealthPage implements AutoCloseable {

    private static final String PASSWORD = "password";

    private final Cell<Integer> status = new Cell<>(200);
    private final Cell<List<String>> asked = new Cell<>(List.of());
    private final HttpsServer server;

    HealthPage(Path directory) throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(directory.resolve("page.p12"))));
        server.createContext("/", exchange -> {
            String request = exchange.getRequestURI().toString();
            asked.update(before -> Stream.concat(before.stream(), Stream.of(request)).toList());
            exchange.sendResponseHeaders(status.value(), -1);
            exchange.close();
        });
        server.start();
    }

    private static SSLContext context(Path store) throws Exception {
        if (!Files.exists(store)) {
            String keytool = Path.of(System.getProperty("java.home"), "bin/keytool").toString();
            int code = new ProcessBuilder(keytool, "-genkeypair", "-keyalg", "EC", "-dname", "CN=page", "-storetype", "PKCS12",
                    "-keystore", store.toString(), "-storepass", PASSWORD).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
            if (code != 0) {
                throw new IOException("keytool ended with " + code);
            }
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** From now on. */
    void answer(int code) {
        status.set(code);
    }

    List<String> asked() {
        return asked.value();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

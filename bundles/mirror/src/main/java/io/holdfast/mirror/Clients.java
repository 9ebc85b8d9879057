package io.holdfast.mirror;

import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import org.jspecify.annotations.Nullable;

import io.holdfast.cell.Cell;
import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.kit.tls.TlsMaterial;

/** The connections: made anew when certificates were rotated, while requests that are under way end on the old ones. */
final class Clients implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** The bundle is to end within a second. */
    private static final Duration PATIENCE = Duration.ofMillis(400);

    private record Made(Access.Server server, TlsMaterial tls, HttpClient client) {
    }

    private final Optional<URI> proxy;
    private final Map<String, String> environment;
    /** The newest is the last. */
    private final Cell<List<Made>> all = new Cell<>(List.of());

    /** @param proxy instead of what the cluster has */
    Clients(Optional<URI> proxy, Map<String, String> environment) {
        this.proxy = proxy;
        this.environment = environment;
    }

    /** The same as long as neither the server nor a certificate is another. For one thread. */
    HttpClient of(Access access) throws FileTrouble {
        List<Made> before = all.value();
        Optional<Made> last = before.isEmpty() ? Optional.empty() : Optional.of(before.getLast());
        if (last.isPresent() && last.get().server().equals(access.server()) && last.get().tls().equals(access.tls())) {
            return last.get().client();
        }
        Made made = new Made(access.server(), access.tls(), client(access));
        all.set(Stream.concat(before.stream(), Stream.of(made)).toList());
        return made.client();
    }

    /** Not at once when there is a newer one: someone may be just about to use it. */
    void endOld() {
        List<Made> now = all.value();
        now.stream().limit(Math.max(0, now.size() - 1)).forEach(made -> made.client().shutdown());
        if (now.stream().anyMatch(made -> made.client().isTerminated())) {
            all.set(now.stream().filter(made -> !made.client().isTerminated()).toList());
        }
    }

    /**
     * The JDK keeps a client's inner part, and with it this bundle's class loader by way of the executor, until nothing
     * holds the client; but a class loader holds a thread of its bundle that was interrupted while it loaded a class, and
     * that thread all that it worked with. So the clients are let go of here.
     */
    @Override
    public void close() {
        all.value().forEach(made -> made.client().shutdownNow());
        try {
            for (Made made : all.value()) {
                made.client().awaitTermination(PATIENCE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        all.set(List.of());
    }

    /**
     * HTTP/1.1: a connection on which nothing comes back any more is given up with its request, where HTTP/2 would put the
     * next request onto it, too.
     */
    private HttpClient client(Access access) throws FileTrouble {
        ThreadFactory threads = Thread.ofVirtual().name("mirror-http").factory();
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER).executor(task -> threads.newThread(task).start())
                .proxy(Proxies.selector(access.server().url(), proxy.or(access.server()::proxy), environment));
        tls(access).ifPresent(builder::sslContext);
        Optional<String> name = access.server().name().filter(n -> !n.contains(":")); // which is an address, and no name
        if (name.isPresent()) {
            builder.sslParameters(asking(name.get()));
        }
        return builder.build();
    }

    private static Optional<SSLContext> tls(Access access) throws FileTrouble {
        if (access.server().insecure()) {
            return Optional.of(access.tls().context(new TrustManager[] {ServerTrust.anybody()}));
        }
        return access.server().name().isEmpty() ? access.tls().context()
                : Optional.of(access.tls().context(
                        new TrustManager[] {ServerTrust.named(access.server().name().get(), authorities(access.tls()))}));
    }

    private static X509TrustManager authorities(TlsMaterial tls) throws FileTrouble {
        TrustManager @Nullable [] set = tls.trust();
        return (X509TrustManager) (set == null ? system() : set)[0];
    }

    private static TrustManager[] system() throws FileTrouble {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new FileTrouble("the system's authorities cannot be read: " + e.getMessage());
        }
    }

    /** Has no effect where the URL has a name: the JDK's client asks for that one then. */
    private static SSLParameters asking(String name) throws FileTrouble {
        try {
            SSLParameters parameters = new SSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            return parameters;
        } catch (IllegalArgumentException _) {
            throw new FileTrouble("tls-server-name " + name + ": must be the name of a host");
        }
    }
}

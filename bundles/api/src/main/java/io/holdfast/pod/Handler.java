package io.holdfast.pod;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** What probes and lifecycle hooks do. */
public sealed interface Handler {

    record Exec(List<String> command) implements Handler {

        public Exec {
            command = Lists.of(command);
        }
    }

    record HttpGet(@Nullable String path, IntOrString port, @Nullable String host, @Nullable String scheme,
            List<Header> httpHeaders) implements Handler {

        public HttpGet {
            httpHeaders = Lists.of(httpHeaders);
        }
    }

    record Header(String name, String value) {
    }

    record TcpSocket(IntOrString port, @Nullable String host) implements Handler {
    }

    record Grpc(int port, @Nullable String service) implements Handler {
    }

    /** Of lifecycle hooks only. */
    record Sleep(long seconds) implements Handler {
    }
}

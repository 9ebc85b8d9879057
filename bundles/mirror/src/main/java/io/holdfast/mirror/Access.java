package io.holdfast.mirror;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;

import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.kit.tls.TlsMaterial;

/**
 * Where the API server is and how to prove who we are, as files said it at one moment.
 *
 * @param origin of who we are, for messages, such as {@code /etc/admin.conf: users[admin].user}
 */
record Access(Server server, TlsMaterial tls, Optional<String> token, Optional<ExecPlugin> plugin, String origin) {

    /**
     * @param authority the setting that says whom to trust, for messages
     * @param insecure whoever answers is taken for the server
     * @param name that its certificate must be for, instead of the URL's host
     */
    record Server(URI url, String authority, boolean insecure, Optional<String> name, Optional<URI> proxy) {
    }

    /** With what a plugin said. */
    Access with(ExecPlugin.Credential credential) {
        return new Access(server, credential.certificate().isEmpty() ? tls
                : new TlsMaterial(tls.ca(), credential.certificate(), credential.key()),
                credential.token().or(() -> token), plugin, origin);
    }

    /** Who we say that we are, for a person. */
    String identity(Instant now) {
        if (plugin.isPresent()) {
            return "what its plugin says (" + origin + ")";
        }
        if (token.isPresent()) {
            return "its token (" + origin + ")";
        }
        return tls.key().isPresent() ? certificate(now) : "requests without credentials, and " + origin + " has none";
    }

    /** What may be wrong with it, for a person. */
    String certificate(Instant now) {
        return (tls.key().isPresent() ? "its client certificate" : "the client certificate, of which there is none")
                + expired(now) + " (" + origin + ")";
    }

    boolean hasExpired(Instant now) {
        return !expired(now).isEmpty();
    }

    private String expired(Instant now) {
        try {
            return tls.self().map(own -> own.getNotAfter().toInstant()).filter(now::isAfter)
                    .map(end -> ", which has expired at " + end).orElse("");
        } catch (FileTrouble _) {
            return ""; // told elsewhere
        }
    }

    /** No secret is shown. */
    @Override
    public String toString() {
        return server.url() + " as " + origin;
    }
}

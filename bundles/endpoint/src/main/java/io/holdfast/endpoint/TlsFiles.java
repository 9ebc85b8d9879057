package io.holdfast.endpoint;

import java.nio.file.Path;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.kit.tls.TlsMaterial;
import io.holdfast.kit.tls.TlsMaterial.Part;

/** The PEM files of the port: who it is, and whose clients it knows. */
record TlsFiles(Path clientCa, Path certificate, Path key) {

    TlsMaterial read() throws FileTrouble {
        return new TlsMaterial(Optional.of(Part.read("client.ca", clientCa)),
                Optional.of(Part.read("cert", certificate)), Optional.of(Part.read("key", key)));
    }

    /**
     * Takes rotated files up with the next connection; while they cannot be used, what was there before holds. Owned by
     * one thread.
     */
    static final class Current {

        private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

        private final TlsFiles files;
        private TlsMaterial material;
        private SSLContext context;
        private @Nullable String trouble;

        Current(TlsFiles files) throws FileTrouble {
            this.files = files;
            this.material = files.read();
            this.context = material.context().orElseThrow();
        }

        /** For one connection: it may come without a certificate, but not with one that is not good. */
        SSLEngine engine() {
            refresh();
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            engine.setWantClientAuth(true);
            return engine;
        }

        private void refresh() {
            try {
                TlsMaterial now = files.read();
                if (!now.equals(material)) {
                    context = now.context().orElseThrow();
                    material = now;
                    LOG.info("endpoint uses new certificates");
                } else if (trouble != null) {
                    LOG.info("endpoint can read its certificates again");
                }
                trouble = null;
            } catch (FileTrouble e) {
                if (!String.valueOf(e.getMessage()).equals(trouble)) {
                    LOG.warn("endpoint goes on with the certificates that it has: {}", e.getMessage());
                }
                trouble = e.getMessage();
            }
        }
    }
}

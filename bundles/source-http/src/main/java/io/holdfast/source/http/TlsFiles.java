package io.holdfast.source.http;

import java.nio.file.Path;
import java.util.Optional;

import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.kit.tls.TlsMaterial;

/** PEM files: whom to trust, and who this node is. Where none is set, the JDK's defaults hold. */
record TlsFiles(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {

    /** What the files hold just now. */
    TlsMaterial read() throws FileTrouble {
        return new TlsMaterial(read("ca", ca), read("client.cert", certificate), read("client.key", key));
    }

    private static Optional<TlsMaterial.Part> read(String setting, Optional<Path> file) throws FileTrouble {
        return file.isEmpty() ? Optional.empty() : Optional.of(TlsMaterial.Part.read(setting, file.get()));
    }
}

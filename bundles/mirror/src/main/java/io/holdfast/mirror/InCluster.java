package io.holdfast.mirror;

import java.nio.file.Path;
import java.util.Optional;

import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.kit.tls.TlsMaterial;

/** Reads what a service account has in its pods. */
final class InCluster {

    private InCluster() {
    }

    static Access read(ReadFiles files, ConnectionSettings.From.InCluster from) throws FileTrouble {
        Path ca = from.directory().resolve("ca.crt");
        Path token = from.directory().resolve("token");
        return new Access(new Access.Server(from.server(), "in.cluster " + ca, false, Optional.empty(), Optional.empty()),
                new TlsMaterial(Optional.of(files.part("in.cluster", ca)), Optional.empty(), Optional.empty()),
                Optional.of(files.token("in.cluster", token)), Optional.empty(), "in.cluster " + token);
    }
}

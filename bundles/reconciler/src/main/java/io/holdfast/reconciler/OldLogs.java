package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.pod.PodName;
import io.holdfast.runtime.ObservedPod.Container;

/** The logs of containers that were removed, rotated ones too: nobody finds them any more (behaviour G1). */
final class OldLogs {

    private static final Logger LOG = LoggerFactory.getLogger(OldLogs.class);

    private OldLogs() {
    }

    static void remove(PodDirectory directory, PodName pod, List<Container> removed) {
        for (Container container : removed) {
            Path log = directory.logs().resolve(PodDirectory.log(container.name(), container.attempt()));
            try {
                Files.deleteIfExists(directory.logLink(pod, container.name(), container.id().value()));
                if (Files.isDirectory(log.resolveSibling(""))) {
                    remove(log);
                }
            } catch (IOException e) {
                LOG.warn("logs {} stay until their pod goes, as they cannot be removed: {}", log, e.toString());
            }
        }
    }

    private static void remove(Path log) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(log.resolveSibling(""), log.getFileName() + "*")) {
            for (Path each : all) {
                Files.deleteIfExists(each);
            }
        }
    }
}

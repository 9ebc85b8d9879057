package io.holdfast.source;

import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/** Where a source reports to. May be called from any thread while {@code watch} runs; calls after that are ignored. */
@ProviderType
public interface ManifestSink {

    /**
     * All manifests that are at the source now; what is missing is gone (its pods are removed), so a failed read must
     * throw from {@code watch} or say {@link Manifest.Unreadable}, never leave out. An empty list removes every pod of
     * this source: report it only when the source itself said that there are none. Order does not matter, but each
     * origin is there once. Returns at once; of several calls in quick succession only the last may be read. Calling it
     * again with what did not change says that the source is alive and ends a failure; the same {@link Manifest}
     * instances are then not parsed again.
     */
    void replace(List<Manifest> manifests);
}

package io.holdfast.source;

import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Where a source reports to. May be called from any thread while {@code watch} runs; calls after that are ignored, but
 * for {@link #withdraw()}.
 */
@ProviderType
public interface ManifestSink {

    /**
     * All manifests that are at the source now; what is missing is gone (its pods are removed), so a failed read must
     * throw from {@code watch} or say {@link Manifest.Unreadable}, never leave out. Order does not matter. Returns at
     * once. Passing the same {@link Manifest} instances again for what did not change saves work.
     */
    void replace(List<Manifest> manifests);

    /**
     * The source was taken away for good, such as when its configuration was deleted while the agent runs: all its pods
     * are removed. To be called when the component is deactivated, and accepted after {@code watch} was interrupted, too;
     * a source that just goes away leaves its pods held. Returns at once; repeat calls change nothing.
     */
    void withdraw();
}

package io.holdfast.manifest;

import java.util.List;
import java.util.Optional;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import io.holdfast.source.ManifestCheck;

/** The check inside the agent: it knows what is in force just now. */
@Component
public final class LiveCheck implements ManifestCheck {

    /** Of all files together: what is made of them can be a hundred times as large, beside the pods in force. */
    private static final long MAX_BYTES = 256 * 1024;

    private final Check check;

    @Activate
    public LiveCheck(@Reference Manifests manifests) {
        check = new Check(manifests.node(), manifests::state, Optional.empty(), MAX_BYTES);
    }

    @Override
    public Report check(List<String> files, Options options) {
        return check.check(files, options);
    }
}

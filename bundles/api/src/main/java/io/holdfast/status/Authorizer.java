package io.holdfast.status;

import java.io.IOException;
import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/** Knows who may do what with this node; a service of whoever has a Kubernetes API server to ask. */
@ProviderType
public interface Authorizer {

    /**
     * Asks whether a user may do something with a subresource of this Node, as the kubelet asks. Blocks; may remember an
     * answer for some minutes.
     *
     * @param verb {@code get}, {@code create}, ...
     * @param subresource of {@code nodes}: {@code proxy}, {@code log}, {@code metrics}, {@code stats}
     * @throws IOException nobody can tell just now
     */
    boolean allows(String user, List<String> groups, String verb, String subresource)
            throws IOException, InterruptedException;
}

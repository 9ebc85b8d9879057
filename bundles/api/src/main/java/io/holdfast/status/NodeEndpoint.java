package io.holdfast.status;

import org.osgi.annotation.versioning.ProviderType;

/** That this node answers requests of an API server, for the Node object; a service of the endpoint while it listens. */
@ProviderType
public interface NodeEndpoint {

    /** The TCP port, 10250 as a rule. */
    int port();
}

package io.holdfast.mirror;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Which API server, and as what this node is to show there. */
@ObjectClassDefinition(name = "Holdfast mirror")
@interface MirrorConfig {

    @AttributeDefinition(description = "A kubeconfig file; or else in.cluster", required = false)
    String kubeconfig() default "";

    @AttributeDefinition(description = "The context in the kubeconfig, instead of the current one", required = false)
    String context() default "";

    @AttributeDefinition(description = "A directory with token and ca.crt, as pods have it", required = false)
    String in_cluster() default "";

    @AttributeDefinition(description = "The server's URL, with in.cluster", required = false)
    String server() default "";

    @AttributeDefinition(description = "An HTTP proxy's URL", required = false)
    String proxy() default "";

    @AttributeDefinition(description = "Whether to make the Node; or else to wait until it is there")
    boolean register_node() default true;

    @AttributeDefinition(description = "More labels for the Node, key=value", required = false)
    String[] node_labels() default {};

    @AttributeDefinition(description = "Taints of a Node that is registered, key=value:effect", required = false)
    String[] node_taints() default "holdfast.io/static-only:NoSchedule";

    @AttributeDefinition(description = "Seconds that the Lease holds; it is renewed four times in that")
    int lease_seconds() default 40;
}

package io.holdfast.endpoint;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Read by {@link Settings}. */
@ObjectClassDefinition(name = "Holdfast kubelet port")
@interface EndpointConfig {

    @AttributeDefinition(description = "The address to listen on; 0.0.0.0 for all")
    String address();

    @AttributeDefinition(description = "The TCP port")
    int port() default 10250;

    @AttributeDefinition(description = "PEM: the node's certificate, and those above it")
    String cert();

    @AttributeDefinition(description = "PEM: the key of the certificate")
    String key();

    @AttributeDefinition(description = "PEM: the authorities of those who may ask")
    String client_ca();

    @AttributeDefinition(description = "Users who may do everything, by the CN of their certificates")
    String[] allow_users() default {};

    @AttributeDefinition(description = "Groups who may do everything, by an O of their certificates")
    String[] allow_groups() default "system:masters";

    @AttributeDefinition(description = "How many connections there may be at a time")
    int max_connections() default 100;
}

/** The port at which an API server asks for the logs of this node's pods. */
@NullMarked
package io.holdfast.endpoint;

import org.jspecify.annotations.NullMarked;

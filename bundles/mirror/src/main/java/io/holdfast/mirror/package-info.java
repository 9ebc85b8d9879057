/** This node and its pods as a Kubernetes API server shows them. */
@NullMarked
package io.holdfast.mirror;

import org.jspecify.annotations.NullMarked;

/** Credentials for image registries, as docker and Kubernetes keep them. */
@NullMarked
package io.holdfast.kit.registry;

import org.jspecify.annotations.NullMarked;

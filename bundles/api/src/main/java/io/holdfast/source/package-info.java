/** Where manifests come from: the contract for manifest sources, what is known about each, and the pods that they want. */
@Export
@Version("2.0.0")
@NullMarked
package io.holdfast.source;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

/** What is to run: Pods as Kubernetes describes them, and the node they run on. */
@Export
@Version("1.1.0")
@NullMarked
package io.holdfast.pod;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

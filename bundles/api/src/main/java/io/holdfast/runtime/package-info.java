/** What runs pods: the contract for container runtimes, shaped like the Container Runtime Interface (CRI). */
@Export
@Version("2.0.0")
@NullMarked
package io.holdfast.runtime;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

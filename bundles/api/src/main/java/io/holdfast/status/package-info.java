/** What became of the pods: status, events and logs, for everyone who shows or publishes them. */
@Export
@Version("1.1.0")
@NullMarked
package io.holdfast.status;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

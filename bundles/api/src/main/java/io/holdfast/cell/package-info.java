/** The one concurrency primitive: a value with a version, read with "newest after version n". */
@Export
@Version("1.0.0")
@NullMarked
package io.holdfast.cell;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

/** Fakes and contract tests, for Holdfast's own bundles and for writers of custom ones. Not part of a running agent. */
@Export
@Version("1.1.0")
@NullMarked
package io.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

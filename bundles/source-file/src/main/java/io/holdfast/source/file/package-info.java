/** Manifests from a directory or from one file. */
@NullMarked
package io.holdfast.source.file;

import org.jspecify.annotations.NullMarked;

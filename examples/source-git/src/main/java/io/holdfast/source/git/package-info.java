/** Manifests from a Git repository; an example of a source that uses nothing but the public API. */
@NullMarked
package io.holdfast.source.git;

import org.jspecify.annotations.NullMarked;

/** Manifests from URLs. */
@NullMarked
package io.holdfast.source.http;

import org.jspecify.annotations.NullMarked;

/** Runs pods on Docker Engine, through its HTTP API on a Unix socket. */
@NullMarked
package io.holdfast.runtime.docker;

import org.jspecify.annotations.NullMarked;

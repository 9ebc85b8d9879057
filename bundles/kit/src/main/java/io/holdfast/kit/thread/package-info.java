/** Threads that have an owner. */
@NullMarked
package io.holdfast.kit.thread;

import org.jspecify.annotations.NullMarked;

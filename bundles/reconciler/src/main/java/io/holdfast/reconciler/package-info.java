/**
 * Makes what runs equal to what is desired: one worker per pod name looks, lets the pure planner decide, and carries the
 * steps out on the container runtime.
 */
@NullMarked
package io.holdfast.reconciler;

import org.jspecify.annotations.NullMarked;

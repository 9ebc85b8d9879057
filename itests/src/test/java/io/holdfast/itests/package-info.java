/** Tests of the assembled agent, as a user runs it, on a real engine. */
@NullMarked
package io.holdfast.itests;

import org.jspecify.annotations.NullMarked;

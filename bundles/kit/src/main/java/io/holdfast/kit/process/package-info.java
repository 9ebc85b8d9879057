/** Programs that are run for what they print. */
@NullMarked
package io.holdfast.kit.process;

import org.jspecify.annotations.NullMarked;

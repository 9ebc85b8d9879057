/** What containers have written, from the files that the runtime keeps. */
@NullMarked
package io.holdfast.kit.log;

import org.jspecify.annotations.NullMarked;

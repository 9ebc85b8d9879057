/** Commands for people, and the socket that they arrive on. */
@NullMarked
package io.holdfast.shell;

import org.jspecify.annotations.NullMarked;

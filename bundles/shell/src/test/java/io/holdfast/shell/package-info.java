@NullMarked
package io.holdfast.shell;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.holdfast.mirror;

import org.jspecify.annotations.NullMarked;

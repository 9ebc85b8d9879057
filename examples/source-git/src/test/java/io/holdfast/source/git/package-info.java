@NullMarked
package io.holdfast.source.git;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.holdfast.source.file;

import org.jspecify.annotations.NullMarked;

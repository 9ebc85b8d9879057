@NullMarked
package io.holdfast.endpoint;

import org.jspecify.annotations.NullMarked;

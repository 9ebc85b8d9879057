/** For the tests of several bundles; no bundle carries it. */
@NullMarked
package io.holdfast.kit.testing;

import org.jspecify.annotations.NullMarked;

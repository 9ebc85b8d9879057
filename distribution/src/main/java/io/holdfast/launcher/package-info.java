/** The way in: starts the framework with the bundles of the distribution, and stops it when the process is to end. */
@NullMarked
package io.holdfast.launcher;

import org.jspecify.annotations.NullMarked;

/** The other end of the control socket: a program of its own that uses nothing but java.base, so that it starts fast. */
@NullMarked
package io.holdfast.shell.client;

import org.jspecify.annotations.NullMarked;

/** Runs pods on any engine that speaks the Container Runtime Interface, version v1, such as containerd. */
@NullMarked
package io.holdfast.runtime.cri;

import org.jspecify.annotations.NullMarked;

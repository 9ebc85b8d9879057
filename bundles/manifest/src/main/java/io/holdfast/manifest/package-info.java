/** Text to pods: reads manifests, checks them, gives them defaults and identity, and holds what was last good. */
@NullMarked
package io.holdfast.manifest;

import org.jspecify.annotations.NullMarked;

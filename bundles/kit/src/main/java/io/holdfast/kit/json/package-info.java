/** What is known of pods as Kubernetes' JSON. */
@NullMarked
package io.holdfast.kit.json;

import org.jspecify.annotations.NullMarked;

/** Certificates, keys and other small files of secrets, and what goes wrong with them. */
@NullMarked
package io.holdfast.kit.tls;

import org.jspecify.annotations.NullMarked;

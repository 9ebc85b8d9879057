/** What every configured component needs: configuration keys that are checked, with a hint for a misspelt one. */
@Export
@Version("1.1.0")
@NullMarked
package io.holdfast.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

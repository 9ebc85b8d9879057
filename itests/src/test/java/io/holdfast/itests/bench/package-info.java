/** The benchmarks: {@code itests/bench/run}; its README says how time is taken. */
@NullMarked
package io.holdfast.itests.bench;

import org.jspecify.annotations.NullMarked;

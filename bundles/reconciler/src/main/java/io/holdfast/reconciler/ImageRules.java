package io.holdfast.reconciler;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.holdfast.runtime.ImageStore.Space;

/**
 * When images that nobody needs are removed (behaviour G1).
 *
 * @param high percent of their disk that are used; 100 for never
 * @param low percent that are used afterwards, if that can be
 * @param minAge that an image must have been here
 * @param runtimes whose images are ours to remove, by name
 */
record ImageRules(int high, int low, Duration minAge, Duration period, Set<String> runtimes) {

    static final ImageRules DEFAULT = new ImageRules(85, 80, Duration.ofMinutes(2), Duration.ofMinutes(5), Set.of("cri"));
    private static final Pattern COMMAS = Pattern.compile("[\\s,]+");

    static ImageRules of(ReconcilerConfig config) {
        int high = config.image_gc_high_percent();
        int low = config.image_gc_low_percent();
        if (low < 0 || low >= high || high > 100) {
            throw new IllegalArgumentException("io.holdfast.reconciler: image.gc.high.percent: " + high + " and image.gc.low.percent: "
                    + low + " do not fit; expected 0 to 100, and high above low");
        }
        return new ImageRules(high, low, Duration.ofSeconds(Math.max(0, config.image_gc_min_age_seconds())),
                Duration.ofSeconds(Math.max(1, config.image_gc_period_seconds())),
                COMMAS.splitAsStream(config.image_gc_runtimes()).filter(name -> !name.isEmpty()).collect(Collectors.toUnmodifiableSet()));
    }

    boolean areFor(String runtime) {
        return high < 100 && runtimes.contains(runtime);
    }

    /** Bytes; none while the disk is not so full. */
    long toFree(Space disk) {
        return disk.usedPercent() < high ? 0 : Math.max(0, disk.capacity() / 100 * (100 - low) - disk.available());
    }
}

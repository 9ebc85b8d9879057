package io.holdfast.reconciler;

import io.holdfast.source.DesiredPod;

/** What a worker is after. */
sealed interface Goal {

    /** This edition runs here. */
    record Run(DesiredPod desired) implements Goal {
    }

    /** Nothing of that name is left here. */
    record Leave(String why) implements Goal {
    }

    /** Whatever is here is left as it is: its source has not spoken (design decision 3). */
    record Hold() implements Goal {
    }
}

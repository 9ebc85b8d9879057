package io.holdfast.reconciler;

/** Where a pod is to run. */
sealed interface Target {

    /**
     * @param runtime its {@code runtime.name}
     * @param handler the engine's runtime handler, empty for its default
     */
    record To(String runtime, String handler) implements Target {
    }

    /** There is nowhere to run, for now. */
    record None(String why) implements Target {
    }
}

package io.holdfast.reconciler;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Where a worker has to do with its pod now (design decisions 6 and 7): a pod is on one runtime, wherever it is to be. */
sealed interface Place {

    /** Here, as wanted. */
    record At(Kit.Engine engine) implements Place {
    }

    /** It is here, and is to be there. */
    record From(Kit.Engine engine, Kit.Engine to) implements Place {
    }

    /** Nothing can be done: whoever is waited for wakes the worker. */
    record Nowhere(String why) implements Place {
    }

    /**
     * @param target where it is to be; {@link Target.None} too when it is not wanted at all
     * @param lives the runtimes that have, or may have, something of it
     * @param engines those that are there
     * @param mayCome whether the target may just be on its way up
     */
    static Place of(Target target, Set<String> lives, Map<String, Kit.Engine> engines, boolean mayCome) {
        String wanted = target instanceof Target.To(String runtime, _) ? runtime : "";
        Kit.Engine to = engines.get(wanted);
        Set<String> elsewhere = new TreeSet<>(lives);
        elsewhere.remove(wanted);
        for (String other : elsewhere) {
            Kit.Engine engine = engines.get(other);
            if (engine != null) {
                return to != null ? new From(engine, to)
                        : mayCome ? new Nowhere("it waits for runtime " + wanted) : new At(engine);
            }
        }
        if (!elsewhere.isEmpty()) {
            return new Nowhere("it runs on runtime " + String.join(", ", elsewhere) + ", which is not there");
        }
        return switch (target) {
            case Target.None(String why) -> new Nowhere(why);
            case Target.To(String runtime, String handler) -> to == null
                    ? new Nowhere("runtime " + runtime + " is not there")
                    : new At(to.with(handler));
        };
    }
}

package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What was last found of a container, kept among the pod's files: the agent after this one shows it so until it has found
 * out itself (behaviour P5).
 *
 * @param started whether it has started, as a file that is there or not
 * @param passes likewise whether it is ready
 */
record VitalMarks(Path started, Path passes) {

    static VitalMarks of(PodDirectory directory, String container, int attempt) {
        return new VitalMarks(directory.mark(container, attempt, "started"), directory.mark(container, attempt, "ready"));
    }

    boolean hasStarted() {
        return Files.exists(started);
    }

    boolean hasPassed() {
        return Files.exists(passes);
    }

    void keep(Vitals.Vital vital) throws IOException {
        keep(started, vital.started());
        keep(passes, vital.passes());
    }

    private static void keep(Path mark, boolean is) throws IOException {
        try {
            if (is) {
                Files.createFile(mark);
            } else {
                Files.deleteIfExists(mark);
            }
        } catch (FileAlreadyExistsException _) {
            // it says so already
        }
    }
}

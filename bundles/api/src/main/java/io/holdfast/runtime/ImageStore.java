package io.holdfast.runtime;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The images that an engine keeps, for whoever sees to it that they do not fill its disk (behaviour G1); a runtime that
 * can list and remove them implements this beside {@link ContainerRuntime}. Errors, threads and interrupts are as there.
 */
@ConsumerType
public interface ImageStore {

    /** All that there are, whoever brought them. */
    List<Stored> images() throws InterruptedException;

    /**
     * Removes an image with all its names; what is gone is removed already.
     *
     * @param id as in {@link Stored}
     * @throws RuntimeRefused it is needed, for one by a container
     */
    void discard(String id) throws InterruptedException;

    /** Of the file system that images are on. */
    Space space() throws InterruptedException;

    /**
     * @param references all its names, with tag or digest
     * @param bytes which it may share with others
     * @param inUse a container has it, whoever made that, or the engine itself needs it
     */
    record Stored(String id, List<String> references, long bytes, boolean inUse) {

        public Stored {
            references = List.copyOf(references);
        }
    }

    /**
     * @param capacity bytes
     * @param available bytes for others than root, too
     */
    record Space(long capacity, long available) {

        /**
         * Of an engine on this machine.
         *
         * @throws RuntimeRefused the directory cannot be looked at
         */
        public static Space of(Path directory) {
            try {
                FileStore disk = Files.getFileStore(directory);
                return new Space(disk.getTotalSpace(), disk.getUsableSpace());
            } catch (IOException e) {
                throw new RuntimeRefused("cannot look at the disk of the images, " + directory + ": " + e, e);
            }
        }

        /** Rounded down, from 0 to 100. */
        public int usedPercent() {
            return capacity <= 0 ? 0 : (int) (100 - available * 100.0 / capacity);
        }
    }
}

package io.holdfast.reconciler;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file or directory that stays the same whatever is renamed or linked around it. The kernel itself walks the way there
 * and sees to it that it leads nowhere else, links included: that cannot be done from Java, where every look at a path is
 * outdated when it is used.
 *
 * @param descriptor of the process, for reference only ({@code O_PATH}): nothing is read, and no FIFO waits for a writer
 */
record Opened(int descriptor) implements AutoCloseable {

    private static final long OPENAT2 = 437; // on every architecture; Linux 5.6
    private static final long AT_FDCWD = -100;
    private static final long PATH_ONLY = 010000000 | 02000000; // O_PATH | O_CLOEXEC
    private static final long NO_MAGIC_LINKS = 0x02;
    private static final long NO_LINKS = 0x04;
    private static final long BENEATH = 0x08;
    private static final int ENOENT = 2;
    private static final int EAGAIN = 11;
    private static final int EXDEV = 18;
    private static final int ENOTDIR = 20;
    private static final int ENOSYS = 38;
    private static final int ELOOP = 40;
    private static final int MOST_TRIES = 1000; // each lost to a rename in the middle of the way

    /** Made when first needed: few pods have a subPath. */
    private static final class Libc {

        private static final Linker LINKER = Linker.nativeLinker();
        private static final VarHandle ERRNO = Linker.Option.captureStateLayout()
                .varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final MethodHandle SYSCALL = handle("syscall",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG),
                Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(1));
        private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

        @SuppressWarnings("restricted") // the one place where native code is called
        private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
            return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
        }
    }

    static Opened at(Path path) throws IOException {
        return open(AT_FDCWD, path.toString(), 0);
    }

    /**
     * Opens what is in this directory.
     *
     * @param relative may go by links that stay in the directory
     * @throws NoSuchFileException it is not there
     */
    Opened in(Path relative) throws IOException {
        return open(descriptor, relative.toString(), BENEATH | NO_MAGIC_LINKS);
    }

    /** As {@link #in}, after making the directories that are missing, with the mode that this one has. */
    Opened made(Path relative) throws IOException {
        try {
            return in(relative);
        } catch (NoSuchFileException e) {
            makeAll(relative);
            return in(relative);
        }
    }

    private void makeAll(Path relative) throws IOException {
        int mode = Modes.get(path());
        for (int names = 1; names <= relative.getNameCount(); names++) {
            try (Opened parent = names == 1 ? in(Path.of(".")) : in(relative.subpath(0, names - 1))) {
                parent.make(relative.getName(names - 1), mode);
            }
        }
    }

    private void make(Path name, int mode) throws IOException {
        try {
            Files.createDirectory(path().resolve(name)); // never by a link, not even one that leads nowhere
        } catch (FileAlreadyExistsException e) {
            return;
        }
        try (Opened made = open(descriptor, name.toString(), BENEATH | NO_LINKS)) {
            Modes.set(made.path(), mode);
        }
    }

    boolean isDirectory() {
        return Files.isDirectory(path());
    }

    /** Leads to it as long as it is open, for other processes too. */
    Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor);
    }

    @Override
    public void close() {
        try {
            int unused = (int) Libc.CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Opened open(long directory, String path, long resolve) throws IOException {
        int error = EAGAIN;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            MemorySegment how = arena.allocateFrom(JAVA_LONG, PATH_ONLY, 0, resolve);
            MemorySegment name = arena.allocateFrom(path);
            for (int tries = 0; error == EAGAIN && tries < MOST_TRIES; tries++) {
                long opened = (long) Libc.SYSCALL.invokeExact(state, OPENAT2, directory, name, how, how.byteSize());
                if (opened >= 0) {
                    return new Opened((int) opened);
                }
                error = (int) Libc.ERRNO.get(state, 0L);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        throw failed(path, error);
    }

    private static IOException failed(String path, int error) {
        return switch (error) {
            case ENOENT -> new NoSuchFileException(path);
            case EXDEV, ELOOP -> new IOException("'" + path + "' leads out of it by a link");
            case ENOTDIR -> new IOException("a part of '" + path + "' is no directory");
            case ENOSYS -> new IOException("a safe way to '" + path + "' needs Linux 5.6 or newer");
            default -> new IOException("'" + path + "' cannot be opened, error " + error);
        };
    }
}

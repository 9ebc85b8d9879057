package io.holdfast.source.git;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What went wrong, for a person: the innermost reason, which the library wraps more than once. */
final class Trouble {

    private Trouble() {
    }

    static String of(Throwable e) {
        Throwable inner = e;
        while (inner.getCause() != null && inner.getCause() != inner) {
            inner = inner.getCause();
        }
        return switch (inner) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied";
            default -> inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
        };
    }
}

package io.holdfast.reconciler;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What this node lets its pods have beside what is safe for all.
 *
 * @param seccompProfiles the directory of {@code localhostProfile}s
 * @param sysctls names, or beginnings of names followed by {@code *}
 */
record Policy(Path seccompProfiles, List<String> sysctls) {

    static final Policy DEFAULT = new Policy(Path.of("/var/lib/kubelet/seccomp"), List.of());
    private static final Pattern COMMAS = Pattern.compile("[\\s,]+");

    Policy {
        sysctls = List.copyOf(sysctls);
    }

    static Policy of(ReconcilerConfig config) {
        Path profiles = Path.of(config.seccomp_directory());
        if (!profiles.isAbsolute()) {
            throw new IllegalArgumentException("io.holdfast.reconciler: seccomp.directory: '" + profiles
                    + "' is not an absolute path; expected something like " + DEFAULT.seccompProfiles());
        }
        return new Policy(profiles, COMMAS.splitAsStream(config.allowed_unsafe_sysctls()).filter(n -> !n.isEmpty()).toList());
    }
}

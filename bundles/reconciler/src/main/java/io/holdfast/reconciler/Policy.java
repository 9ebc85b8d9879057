package io.holdfast.reconciler;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What this node lets its pods have beside what is safe for all.
 *
 * @param seccompProfiles the directory of {@code localhostProfile}s
 * @param sysctls names, or beginnings of names followed by {@code *}
 * @param resolvConf instead of the node's own
 */
record Policy(Path seccompProfiles, List<String> sysctls, Optional<Path> resolvConf) {

    static final Policy DEFAULT = new Policy(Path.of("/var/lib/kubelet/seccomp"), List.of(), Optional.empty());
    private static final Pattern COMMAS = Pattern.compile("[\\s,]+");

    Policy {
        sysctls = List.copyOf(sysctls);
    }

    static Policy of(ReconcilerConfig config) {
        return new Policy(absolute("seccomp.directory", config.seccomp_directory(), DEFAULT.seccompProfiles().toString()),
                COMMAS.splitAsStream(config.allowed_unsafe_sysctls()).filter(n -> !n.isEmpty()).toList(),
                config.resolv_conf().isEmpty() ? Optional.empty()
                        : Optional.of(absolute("resolv.conf", config.resolv_conf(), "/etc/resolv.conf")));
    }

    private static Path absolute(String key, String text, String example) {
        Path path = Path.of(text);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("io.holdfast.reconciler: " + key + ": '" + text
                    + "' is not an absolute path; expected something like " + example);
        }
        return path;
    }
}

package io.holdfast.runtime.docker;

import java.util.Optional;

/**
 * What the Engine says of itself, and which version of its API is spoken with it: the newest that both know.
 *
 * @param engine the Engine's own version, such as {@code 28.3.0}
 * @param newest of the API's versions 1.x that the Engine speaks, this x
 * @param oldest likewise
 * @param arch as Go names it, such as {@code amd64}
 */
record ApiVersion(String engine, int newest, int oldest, String arch) {

    /** Docker 19.03, of 2019: since then there is all that is used here. */
    private static final int OURS_OLDEST = 40;
    /** Docker 28.3, of 2025: what is newer may mean something else. */
    private static final int OURS_NEWEST = 51;
    /** Docker 25. */
    private static final int RECURSIVE_READ_ONLY = 44;

    /** @throws NumberFormatException it is not a version */
    static ApiVersion of(Json answer) {
        return new ApiVersion(answer.at("Version").text(), minor(answer.at("ApiVersion").text()),
                minor(answer.at("MinAPIVersion").text()), answer.at("Arch").text());
    }

    private static int minor(String version) {
        return version.isEmpty() ? 0 : Integer.parseInt(version.startsWith("1.") ? version.substring(2) : version);
    }

    /** Why they cannot talk; empty when they can. */
    Optional<String> trouble() {
        if (newest < OURS_OLDEST) {
            return Optional.of("its API is too old: Docker " + engine + " speaks 1." + newest
                    + " at most, and 1." + OURS_OLDEST + " or newer is needed, which Docker 19.03 has");
        }
        return oldest <= OURS_NEWEST ? Optional.empty()
                : Optional.of("its API is too new: Docker " + engine + " speaks 1." + oldest
                        + " at least, and this Holdfast knows 1." + OURS_OLDEST + " to 1." + OURS_NEWEST);
    }

    boolean canMountReadOnlyRecursively() {
        return newest >= RECURSIVE_READ_ONLY;
    }

    /** The beginning of a request's path. */
    String prefix() {
        return "/v1." + Math.min(newest, OURS_NEWEST);
    }
}

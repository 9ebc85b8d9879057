package io.holdfast.runtime;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How the processes of a container are confined. What a manifest leaves open is resolved: an engine has nothing to decide
 * but what is null here, which is left to its own default.
 *
 * @param uid null for the image's user
 * @param gid null for the one that the image's user has
 * @param groups more groups of the first process
 * @param mergeImageGroups whether the groups that the image gives its user count as well
 * @param addCapabilities as in {@code NET_ADMIN}, or {@code ALL}
 * @param noNewPrivileges what is executed never has more privileges than what executes it
 * @param unmaskedProc {@code procMount: Unmasked}
 * @param seLinux null for the engine's
 */
public record Security(@Nullable Long uid, @Nullable Long gid, List<Long> groups, boolean mergeImageGroups,
        boolean privileged, List<String> addCapabilities, List<String> dropCapabilities, boolean noNewPrivileges,
        boolean readOnlyRoot, boolean unmaskedProc, @Nullable Profile seccomp, @Nullable Profile appArmor,
        @Nullable SeLinux seLinux) {

    /** Nothing was asked for. */
    public static final Security DEFAULT = new Security(null, null, List.of(), true, false, List.of(), List.of(), false,
            false, false, null, null, null);

    public Security {
        groups = List.copyOf(groups);
        addCapabilities = List.copyOf(addCapabilities);
        dropCapabilities = List.copyOf(dropCapabilities);
    }

    /** Of seccomp and AppArmor. */
    public sealed interface Profile {

        record RuntimeDefault() implements Profile {
        }

        record Unconfined() implements Profile {
        }

        /**
         * One of the node's.
         *
         * @param name for seccomp the absolute path of its file, for AppArmor the name it was loaded under
         */
        record Localhost(String name) implements Profile {
        }
    }

    /** Parts that are not set are empty. */
    public record SeLinux(String user, String role, String type, String level) {
    }
}

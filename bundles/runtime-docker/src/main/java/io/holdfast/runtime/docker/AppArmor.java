package io.holdfast.runtime.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this machine has it: where not, Docker says nothing and runs without the profile that was asked for. */
final class AppArmor {

    private static final Path ENABLED = Path.of("/sys/module/apparmor/parameters/enabled");

    private AppArmor() {
    }

    static boolean isEnabled() {
        try {
            return Files.readString(ENABLED).startsWith("Y");
        } catch (IOException e) {
            return false;
        }
    }
}

package io.holdfast.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor.Exports;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

import org.osgi.framework.launch.Framework;

/**
 * What bundles may import from the framework and the JDK. Left alone, Felix would export the JDK's compiler, debugger
 * and windows too, which costs every start 100 ms.
 */
final class SystemPackages {

    /** Beside {@code java.*}. */
    private static final Set<String> MODULES = Set.of("jdk.httpserver", "jdk.management", "jdk.net", "jdk.unsupported");

    private SystemPackages() {
    }

    static String all() throws IOException {
        return ofFramework() + "," + ofJdk();
    }

    private static String ofFramework() throws IOException {
        Properties defaults = new Properties();
        try (InputStream in = Framework.class.getResourceAsStream("/default.properties")) {
            defaults.load(Objects.requireNonNull(in, "default.properties of the framework"));
        }
        return defaults.getProperty("osgi-exports");
    }

    private static String ofJdk() {
        return ModuleLayer.boot().modules().stream()
                .filter(module -> isFor(module.getName()))
                .flatMap(module -> module.getDescriptor().exports().stream())
                .filter(exports -> !exports.isQualified())
                .map(Exports::source)
                .sorted()
                .collect(Collectors.joining(";", "", ";version=\"0.0.0.JavaSE_" + "0" + Runtime.version().feature() + "\""));
    }

    private static boolean isFor(String module) {
        return (module.startsWith("java.") && !module.equals("java.desktop")) || MODULES.contains(module);
    }
}

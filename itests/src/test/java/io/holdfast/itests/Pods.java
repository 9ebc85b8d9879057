package io.holdfast.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Manifests for tests; the image has a busybox and nothing else. */
public final class Pods {

    private Pods() {
    }

    /** A pod on the host network that runs a shell script and ends within a second of SIGTERM. */
    public static String shell(String name, String script) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  labels: {app: %s}
                spec:
                  hostNetwork: true
                  terminationGracePeriodSeconds: 2
                  containers:
                  - name: main
                    image: %s
                    command: [sh, -c, %s]
                """.formatted(name, name, Agent.IMAGE, quoted(script));
    }

    public static String sleeper(String name) {
        return shell(name, "trap 'exit 0' TERM; while :; do sleep 3600 & wait; done");
    }

    /** A pod that has {@code directory} of the node at {@code /data}. */
    public static String withVolume(String name, String script, Path directory) {
        return shell(name, script) + """
                    volumeMounts:
                    - {name: data, mountPath: /data}
                  volumes:
                  - name: data
                    hostPath: {path: %s, type: DirectoryOrCreate}
                """.formatted(directory);
    }

    /** The main process of the container whose script mentions {@code /data/FILE;}. */
    public static ProcessHandle process(String file) {
        return process(file, "");
    }

    /** @param directory of the node that the container has; other tests on this machine have pods of the same name */
    static ProcessHandle process(String file, Path directory) {
        int names = directory.getNameCount();
        return process(file, directory.subpath(names - 2, names) + " "); // as seen from its own file system
    }

    private static ProcessHandle process(String file, String mounted) {
        return ProcessHandle.allProcesses().filter(p -> {
            try {
                Path process = Path.of("/proc/" + p.pid());
                String command = Files.readString(process.resolve("cmdline"));
                return command.startsWith("sh\0-c\0") && command.contains("/data/" + file + ";")
                        && Files.readString(process.resolve("mountinfo")).contains(mounted);
            } catch (IOException e) {
                return false; // ended in between
            }
        }).findFirst().orElseThrow();
    }

    private static String quoted(String script) {
        return "\"" + script.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}

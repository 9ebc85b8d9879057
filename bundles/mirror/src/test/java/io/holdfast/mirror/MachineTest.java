package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineTest {

    @TempDir
    Path root;

    @Test
    void what_linux_says_is_read() throws IOException {
        write("proc/stat", "cpu  1 2\ncpu0 1 2\ncpu1 1 2\nintr 5\n");
        write("proc/meminfo", "MemTotal:       24684096 kB\nMemFree: 1 kB\nMemAvailable:   123456 kB\n");
        write("proc/loadavg", "0.00 0.01 0.05 1/357 4242\n");
        write("proc/sys/kernel/pid_max", "4194304\n");
        write("proc/sys/kernel/threads-max", "192000\n");
        write("etc/os-release", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        write("etc/machine-id", "3d1219c7\n");
        Machine machine = new Machine(root, root);
        assertThat(machine.cpus()).isEqualTo(2);
        assertThat(machine.memory()).isEqualTo(24684096);
        assertThat(machine.availableMemory()).isEqualTo(123456);
        assertThat(machine.tasks()).isEqualTo(357);
        assertThat(machine.mostTasks()).isEqualTo(192000);
        assertThat(machine.osImage()).isEqualTo("Debian GNU/Linux 12 (bookworm)");
        assertThat(machine.systemUuid()).isEqualTo("3d1219c7");
        assertThat(machine.storage()).isGreaterThan(machine.availableStorage() - 1).isPositive();
        assertThat(machine.kernel()).isEmpty(); // there is no such file
    }

    @Test
    void architectures_have_the_names_that_kubernetes_gives_them() {
        assertThat(Machine.architecture("aarch64")).isEqualTo("arm64");
        assertThat(Machine.architecture("amd64")).isEqualTo("amd64");
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }
}

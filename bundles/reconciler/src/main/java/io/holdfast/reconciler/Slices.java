package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cgroups of systemd, asked for by its own command: what it has not made itself, it changes back.
 *
 * @param busctl the command
 */
record Slices(CgroupTree tree, String busctl) implements CgroupDriver {

    private static final int PERIODS_PER_SECOND = 1_000_000 / CgroupMath.PERIOD_MICROS;

    @Override
    public void make(PodCgroup group, PodLimits limits) throws IOException, InterruptedException {
        if (tree.exists(group)) {
            return;
        }
        List<String> properties = new ArrayList<>();
        if (tree.isUnified()) {
            add("CPUWeight", PodLimits.weight(limits.cpuShares()), properties);
        } else {
            add("CPUShares", limits.cpuShares(), properties);
        }
        if (limits.cpuQuota() > 0) {
            add("CPUQuotaPerSecUSec", limits.cpuQuota() * PERIODS_PER_SECOND, properties);
        }
        if (limits.memory() > 0) {
            add(tree.isUnified() ? "MemoryMax" : "MemoryLimit", limits.memory(), properties);
        }
        List<String> arguments = new ArrayList<>(List.of(group.name(), "replace", Integer.toString(properties.size() / 3)));
        arguments.addAll(properties);
        arguments.add("0"); // of no other units
        call("StartTransientUnit", "ssa(sv)a(sa(sv))", arguments);
    }

    private static void add(String property, long value, List<String> to) {
        to.addAll(List.of(property, "t", Long.toString(value)));
    }

    /** Stopping a slice would kill what is in it. */
    @Override
    public void remove(PodCgroup group) throws IOException, InterruptedException {
        if (tree.isPopulated(group)) {
            throw new IOException("something still runs in " + group.name());
        }
        if (tree.exists(group)) {
            call("StopUnit", "ss", List.of(group.name(), "replace"));
        }
    }

    @Override
    public int end(PodCgroup group) throws IOException, InterruptedException {
        return tree.end(group);
    }

    private void call(String method, String signature, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(busctl, "--timeout=5", "call", "org.freedesktop.systemd1",
                "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", method, signature));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("systemd, " + method + " " + arguments.getFirst() + ": " + output.strip());
        }
    }
}

package io.holdfast.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import io.holdfast.kit.json.Json;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.RuntimeInfo;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.status.PodRuntimes;
import io.holdfast.status.PodStatuses;

/** {@code runtime:list}, {@code runtime:forget}. */
@Component(service = RuntimeCommands.class, property = {"osgi.command.scope=runtime", "osgi.command.function=list",
        "osgi.command.function=forget"})
public final class RuntimeCommands {

    /** @param state "ready", or what is wrong */
    private record Row(String name, RuntimeInfo info, long pods, String state) {
    }

    private final Agent agent;

    @Activate
    public RuntimeCommands(@Reference Agent agent) {
        this.agent = agent;
    }

    @Descriptor("lists the container engines and asks each how it is")
    public String list(@Descriptor("json") @Parameter(names = {"-o", "--output"}, absentValue = "") String output,
            String... rest) throws InterruptedException {
        Arguments arguments = new Arguments("runtime:list", "runtime:list [-o json]");
        arguments.none(rest);
        boolean json = arguments.json(output);
        List<Row> rows = rows();
        if (json) {
            return Json.object(j -> j.objects("items", rows, this::json));
        } else if (rows.isEmpty()) {
            return "No container runtimes; configure one, such as io.holdfast.runtime.cri or io.holdfast.runtime.docker.\n";
        }
        Table table = new Table("NAME", "ENGINE", "VERSION", "PODS", "ENDPOINT", "STATE");
        for (Row row : rows) {
            table.row(row.name() + (row.name().equals(byDefault()) ? " (default)" : ""), row.info().engine(), row.info().version(), Long.toString(row.pods()),
                    row.info().endpoint(), row.state());
        }
        return table.toString();
    }

    @Descriptor("gives up a container engine that is gone for good, so that no pod waits for it")
    public String forget(@Descriptor("the runtime's name") String... name) {
        String wanted = new Arguments("runtime:forget", "runtime:forget NAME").one("runtime", name);
        try {
            agent.podRuntimes("runtime:forget").forget(wanted);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed("runtime:forget", String.valueOf(e.getMessage()));
        }
        return "forgotten: " + wanted + "\n";
    }

    private String byDefault() {
        PodRuntimes runtimes = agent.podRuntimes;
        return runtimes == null ? "" : runtimes.byDefault().orElse("");
    }

    private List<Row> rows() throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<String, ContainerRuntime> runtime : agent.runtimes().entrySet()) {
            rows.add(row(runtime.getKey(), runtime.getValue()));
        }
        return rows;
    }

    private Row row(String name, ContainerRuntime runtime) throws InterruptedException {
        try {
            RuntimeInfo info = runtime.info();
            return new Row(name, info, pods(name),
                    info.troubles().isEmpty() ? "ready" : "not ready: " + String.join("; ", info.troubles()));
        } catch (RuntimeUnreachable | RuntimeRefused e) {
            return new Row(name, new RuntimeInfo("?", "?", "?", List.of(), RuntimeInfo.Cgroups.Unknown), pods(name),
                    "unreachable: " + e.getMessage());
        }
    }

    private long pods(String runtime) {
        PodStatuses statuses = agent.statuses;
        return statuses == null
                ? 0
                : statuses.current().pods().stream().filter(pod -> pod.runtime().equals(runtime)).count();
    }

    private void json(Json json, Row row) throws IOException {
        json.text("name", row.name()).flag("default", row.name().equals(byDefault())).text("engine", row.info().engine()).text("version", row.info().version())
                .text("endpoint", row.info().endpoint()).number("pods", row.pods()).text("state", row.state())
                .texts("troubles", row.info().troubles());
    }
}

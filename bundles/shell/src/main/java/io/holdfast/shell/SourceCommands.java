package io.holdfast.shell;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import io.holdfast.config.Nearest;
import io.holdfast.kit.json.Json;
import io.holdfast.source.Sources;

/** {@code source:list}, {@code source:errors}, {@code source:forget}. */
@Component(service = SourceCommands.class, property = {"osgi.command.scope=source", "osgi.command.function=list",
        "osgi.command.function=errors", "osgi.command.function=forget"})
public final class SourceCommands {

    private final Agent agent;
    private final InstantSource clock = InstantSource.system();

    @Activate
    public SourceCommands(@Reference Agent agent) {
        this.agent = agent;
    }

    @Descriptor("lists where manifests come from")
    public String list(@Descriptor("json") @Parameter(names = {"-o", "--output"}, absentValue = "") String output,
            String... rest) {
        Arguments arguments = new Arguments("source:list", "source:list [-o json]");
        arguments.none(rest);
        boolean json = arguments.json(output);
        List<Sources.Status> sources = agent.sources("source:list").current();
        if (json) {
            return json(sources);
        } else if (sources.isEmpty()) {
            return "No manifest sources; configure one, such as io.holdfast.source.file~main with path=DIRECTORY.\n";
        }
        Table table = new Table("NAME", "STATE", "MANIFESTS", "PODS", "PROBLEMS", "LAST READING", "FAILURE");
        for (Sources.Status source : sources) {
            table.row(source.name(), state(source), Integer.toString(source.manifests()),
                    Integer.toString(source.pods()), Integer.toString(source.problems().size()),
                    source.lastReading() == null ? "never" : Ages.of(source.lastReading(), clock.instant()) + " ago",
                    source.failure() == null ? "" : source.failure());
        }
        return table.toString();
    }

    @Descriptor("shows what is wrong with sources and manifests")
    public String errors(@Descriptor("json") @Parameter(names = {"-o", "--output"}, absentValue = "") String output,
            String... rest) {
        Arguments arguments = new Arguments("source:errors", "source:errors [-o json]");
        arguments.none(rest);
        boolean json = arguments.json(output);
        List<Sources.Status> wrong = agent.sources("source:errors").current().stream()
                .filter(source -> source.failure() != null || !source.problems().isEmpty()).toList();
        if (json) {
            return json(wrong);
        } else if (wrong.isEmpty()) {
            return "No errors.\n";
        }
        Table table = new Table("SOURCE", "AGE", "ERROR");
        for (Sources.Status source : wrong) {
            if (source.failure() != null) {
                table.row(source.name(), "", source.failure());
            }
            source.problems().forEach(problem -> table.row(source.name(),
                    Ages.of(problem.since(), clock.instant()), problem.text()));
        }
        return table.toString();
    }

    @Descriptor("gives up an absent source, so that its pods are removed")
    public String forget(@Descriptor("the source's name") String... name) {
        String wanted = new Arguments("source:forget", "source:forget NAME").one("source", name);
        Sources sources = agent.sources("source:forget");
        List<String> known = sources.current().stream().map(Sources.Status::name).toList();
        if (!known.contains(wanted)) {
            throw new CommandFailed("source:forget",
                    "no source named '" + wanted + "'" + Nearest.hint(wanted, known));
        }
        try {
            sources.forget(wanted);
            return "forgotten: " + wanted + "; its pods are being removed\n";
        } catch (IllegalArgumentException e) {
            throw new CommandFailed("source:forget", String.valueOf(e.getMessage()));
        }
    }

    private static String state(Sources.Status source) {
        String state = source.state().name().toLowerCase(Locale.ROOT);
        return source.state() == Sources.State.ABSENT && source.pods() > 0 ? state + " (held)" : state;
    }

    private static String json(List<Sources.Status> sources) {
        return Json.object(json -> json.objects("items", sources, SourceCommands::json));
    }

    private static void json(Json json, Sources.Status source) throws IOException {
        json.text("name", source.name()).text("state", source.state().name().toLowerCase(Locale.ROOT))
                .number("manifests", source.manifests()).number("pods", source.pods())
                .time("lastReading", source.lastReading()).text("failure", source.failure())
                .objects("problems", source.problems(), PodJson::problem);
    }
}

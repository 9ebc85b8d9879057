package io.holdfast.shell;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;

import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import io.holdfast.kit.json.Json;
import io.holdfast.source.ConfigObject;

/** {@code config:list}: what pods may take their configuration from, without a value of it. */
@Component(service = ConfigCommands.class, property = {"osgi.command.scope=config", "osgi.command.function=list"})
public final class ConfigCommands {

    private static final Comparator<ConfigObject> ORDER = Comparator
            .comparing((ConfigObject object) -> object.key().namespace()).thenComparing(object -> object.key().kind())
            .thenComparing(object -> object.key().name());

    private final Agent agent;

    @Activate
    public ConfigCommands(@Reference Agent agent) {
        this.agent = agent;
    }

    @Descriptor("lists ConfigMaps and Secrets, not what they hold")
    public String list(@Descriptor("json") @Parameter(names = {"-o", "--output"}, absentValue = "") String output,
            String... rest) {
        Arguments arguments = new Arguments("config:list", "config:list [-o json]");
        arguments.none(rest);
        boolean json = arguments.json(output);
        List<ConfigObject> objects = agent.desired("config:list").current().value().objects().values().stream()
                .sorted(ORDER).toList();
        if (json) {
            return Json.object(out -> out.objects("items", objects, ConfigCommands::json));
        } else if (objects.isEmpty()) {
            return "No ConfigMaps and no Secrets; they come from manifests, as pods do.\n";
        }
        Table table = new Table("NAMESPACE", "KIND", "NAME", "KEYS", "SOURCE", "ORIGIN");
        objects.forEach(object -> table.row(object.key().namespace(), object.key().kind().name(), object.key().name(),
                Integer.toString(object.data().size()), object.source(), object.origin()));
        return table.toString();
    }

    private static void json(Json json, ConfigObject object) throws IOException {
        json.text("namespace", object.key().namespace()).text("kind", object.key().kind().name())
                .text("name", object.key().name()).number("keys", object.data().size()).text("source", object.source())
                .text("origin", object.origin());
    }
}

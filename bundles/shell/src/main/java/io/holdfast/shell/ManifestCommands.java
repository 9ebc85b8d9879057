package io.holdfast.shell;

import java.io.UncheckedIOException;
import java.util.List;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import io.holdfast.source.ManifestCheck;

/** {@code manifest:validate}. */
@Component(service = ManifestCommands.class, property = {"osgi.command.scope=manifest",
        "osgi.command.function=validate"})
public final class ManifestCommands {

    private static final String VALIDATE = "manifest:validate";

    private final Agent agent;

    @Activate
    public ManifestCommands(@Reference Agent agent) {
        this.agent = agent;
    }

    @Descriptor("checks manifests, read with the agent's rights; nothing is changed")
    public void validate(CommandSession session,
            @Descriptor("what would change on this node") @Parameter(names = "--diff", presentValue = "true", absentValue = "false") boolean diff,
            @Descriptor("check for this node") @Parameter(names = "--node", absentValue = "") String node,
            @Descriptor("json") @Parameter(names = {"-o", "--output"}, absentValue = "") String output,
            @Descriptor("files and directories") String... files) {
        ManifestCheck.Report report;
        try {
            Arguments arguments = new Arguments(VALIDATE, "manifest:validate [--diff] [--node NAME] [-o json] FILE...");
            List<String> names = arguments.some("files", files);
            requireDirectory(session, names);
            report = check(names, new ManifestCheck.Options(session.currentDir(), node, diff, arguments.json(output)));
        } catch (CommandFailed e) { // must not pass for a problem of the manifests
            throw new CommandFailed(e, ManifestCheck.UNREADABLE);
        }
        System.out.print(report.text()); // Gogo's: the session's own, or the pipe's
        if (report.code() != ManifestCheck.GOOD) {
            throw new CommandFailed(report.code());
        }
    }

    private static void requireDirectory(CommandSession session, List<String> names) {
        if (session.get(Connection.LOST) != null && names.stream().anyMatch(name -> !name.startsWith("/"))) {
            throw new CommandFailed(VALIDATE, "the agent's character set does not have the name of the directory you are"
                    + " in; name files from the root, or start the agent with LC_ALL=C.UTF-8");
        }
    }

    private ManifestCheck.Report check(List<String> files, ManifestCheck.Options options) {
        try {
            return agent.check(VALIDATE).check(files, options);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new CommandFailed(VALIDATE, String.valueOf(e.getMessage()));
        }
    }
}

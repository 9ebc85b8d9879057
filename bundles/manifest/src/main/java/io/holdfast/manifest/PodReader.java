package io.holdfast.manifest;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Reading.Elsewhere;
import io.holdfast.manifest.Reading.Nameless;
import io.holdfast.manifest.Reading.ObjectDocument;
import io.holdfast.manifest.Reading.PodDocument;
import io.holdfast.manifest.Reading.ReadPod;
import io.holdfast.manifest.Reading.Seen;
import io.holdfast.pod.Pod;
import io.holdfast.pod.PodName;
import io.holdfast.source.ConfigObject;

/** Text to pods of this node and what they take their configuration from; no I/O, no log, no clock of its own. */
final class PodReader {

    private final ThisNode node;
    private final String source;

    PodReader(ThisNode node, String source) {
        this.node = node;
        this.source = source;
    }

    Reading read(byte[] content, Seen seen) {
        Documents documents = Documents.read(content);
        List<Reading.Document> read = documents.list().stream().map(d -> read(d, seen)).toList();
        return new Reading(read, documents.broken());
    }

    private Reading.Document read(Documents.Document document, Seen seen) {
        if (!(document.root() instanceof Tree.Obj root)) {
            Fault fault = new Fault(document.root().place(), document.prefix().replaceFirst("\\.$", ""),
                    "expected an object such as a Pod, found " + Tree.describe(document.root()));
            return new Nameless(List.of(fault));
        }
        Faults faults = new Faults(root, document.prefix());
        faults.addAll(document.faults());
        return switch (Kinds.of(root, faults).orElse(null)) {
            case Pod -> pod(root, faults, seen);
            case DaemonSet -> daemonSet(root, document.prefix(), faults, seen);
            case ConfigMap -> object(root, ConfigObject.Kind.ConfigMap, faults);
            case Secret -> object(root, ConfigObject.Kind.Secret, faults);
            case List, PodList -> throw new IllegalStateException("a list's items are documents of their own");
            case null -> new Nameless(faults.list());
        };
    }

    private Reading.Document pod(Tree.Obj root, Faults faults, Seen seen) {
        Identity.normalise(root, Pod.class);
        PodName name = Identity.name(root, node.name());
        NodeRules.check(root, faults);
        String edition = name == null ? "" : Identity.edition(root, name, node.name());
        Defaults.fill(root);
        if (name != null) {
            Identity.give(root, name, edition, node.name());
        }
        Instant since = name == null ? Instant.EPOCH : seen.at(name, edition);
        Identity.annotate(root, edition, source, since);
        Pod pod = PodBinder.bind(root, faults);
        PodRules.check(pod, faults);
        if (name == null || faults.any()) {
            return name == null ? new Nameless(faults.list()) : new PodDocument(name, null, faults.list());
        }
        return new PodDocument(name, new ReadPod(pod, Json.write(root), since, node.unfit(pod.spec())), List.of());
    }

    /** Its pod, which is not there at all on a node that it does not select. */
    private Reading.Document daemonSet(Tree.Obj root, String prefix, Faults faults, Seen seen) {
        Tree.Obj template = DaemonSets.pod(root, faults);
        PodName name = Identity.name(root, node.name());
        if (template == null) {
            return name == null ? new Nameless(faults.list()) : new PodDocument(name, null, faults.list());
        }
        Faults inTemplate = new Faults(template, prefix + DaemonSets.TEMPLATE);
        inTemplate.addAll(faults.list());
        String repelled = Taint.unfit(node.taints(), template.object("spec"), node.name()); // before it tolerates evictions
        Reading.Document document = pod(template, inTemplate, seen);
        if (!(document instanceof PodDocument(PodName _, ReadPod pod, List<Fault> _)) || pod == null) {
            return document;
        }
        String unfit = pod.unfit() != null ? pod.unfit() : repelled;
        Tree.Obj metadata = root.object("metadata");
        return unfit == null ? document
                : new Elsewhere("DaemonSet " + metadata.text("namespace") + "/" + metadata.text("name"), unfit);
    }

    private static Reading.Document object(Tree.Obj root, ConfigObject.Kind kind, Faults faults) {
        Reading.ReadObject object = ObjectReader.read(root, kind, faults);
        ConfigObject.@Nullable Key key = ObjectReader.key(root, kind);
        return key == null ? new Nameless(faults.list())
                : new ObjectDocument(key, faults.any() ? null : object, faults.list());
    }

    /**
     * A pod that was good once, from its JSON with identity and defaults; whether it fits is not said.
     *
     * @throws IllegalArgumentException when this version cannot read it
     */
    static ReadPod restore(Tree.Obj root, Instant seen) {
        Faults faults = new Faults(root, "");
        Defaults.fill(root);
        Pod pod = PodBinder.bind(root, faults);
        if (faults.any()) {
            Fault first = faults.list().getFirst();
            throw new IllegalArgumentException(first.path() + ": " + first.message());
        }
        return new ReadPod(pod, Json.write(root), seen, null);
    }
}

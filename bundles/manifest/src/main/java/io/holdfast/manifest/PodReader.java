package io.holdfast.manifest;

import java.time.Instant;
import java.util.List;

import io.holdfast.manifest.Reading.ReadPod;
import io.holdfast.manifest.Reading.Seen;
import io.holdfast.pod.Pod;
import io.holdfast.pod.PodName;

/** Text to pods of this node; no I/O, no log, no clock of its own. */
final class PodReader {

    private final String node;
    private final String source;

    PodReader(String node, String source) {
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
            return new Reading.Document(null, null, List.of(fault));
        }
        Faults faults = new Faults(root, document.prefix());
        faults.addAll(document.faults());
        if (!NodeRules.isPod(root, faults)) {
            return new Reading.Document(null, null, faults.list());
        }
        Identity.normalise(root);
        PodName name = Identity.name(root, node);
        NodeRules.check(root, node, faults);
        String edition = name == null ? "" : Identity.edition(root, name, node);
        Defaults.fill(root);
        if (name != null) {
            Identity.give(root, name, edition, node);
        }
        Instant since = name == null ? Instant.EPOCH : seen.at(name, edition);
        Identity.annotate(root, edition, source, since);
        Pod pod = PodBinder.bind(root, faults);
        PodRules.check(pod, faults);
        return faults.any() ? new Reading.Document(name, null, faults.list())
                : new Reading.Document(name, new ReadPod(pod, Json.write(root), since), List.of());
    }

    /**
     * A pod that was good once, from its JSON with identity and defaults.
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
        return new ReadPod(pod, Json.write(root), seen);
    }
}

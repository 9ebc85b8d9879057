package io.holdfast.manifest;

import java.util.ArrayList;
import java.util.List;

import io.holdfast.manifest.Documents.Document;
import io.holdfast.manifest.Tree.Place;

/** {@code List} and {@code PodList}: each item is a document of its own. */
final class Lists {

    private Lists() {
    }

    /** The items of a list, else the document itself. */
    static List<Document> items(Document document) {
        if (!(document.root() instanceof Tree.Obj root) || !isList(root)) {
            return List.of(document);
        }
        return switch (root.get("items")) {
            case Tree.Arr(Place _, List<Tree> items) -> items(document, root, items);
            case null, default -> List.of(document);
        };
    }

    private static List<Document> items(Document document, Tree.Obj root, List<Tree> items) {
        List<Document> found = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String prefix = document.prefix() + "items[" + i + "].";
            if (items.get(i) instanceof Tree.Obj item && "PodList".equals(root.text("kind"))) {
                // the API server leaves these out in items of a typed list
                item.putIfAbsent("apiVersion", "v1");
                item.putIfAbsent("kind", "Pod");
            }
            List<Fault> faults = document.faults().stream().filter(f -> f.path().startsWith(prefix)).toList();
            found.addAll(items(new Document(items.get(i), prefix, faults)));
        }
        return found;
    }

    static boolean isList(Tree.Obj root) {
        return "v1".equals(root.text("apiVersion"))
                && ("List".equals(root.text("kind")) || "PodList".equals(root.text("kind")));
    }
}

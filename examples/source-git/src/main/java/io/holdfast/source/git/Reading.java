package io.holdfast.source.git;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

import io.holdfast.source.FileNames;
import io.holdfast.source.Manifest;
import io.holdfast.source.Manifest.Text;
import io.holdfast.source.Manifest.Unreadable;

/**
 * The manifests of one commit, by their paths in the repository. Like a directory of manifests, a folder is read without
 * the folders in it.
 */
record Reading(Map<String, Entry> entries) {

    static final Reading NOTHING = new Reading(Map.of());

    /** @param id the blob's, and its mode: what stays the same while these do */
    record Entry(ObjectId id, FileMode mode, Manifest manifest) {
    }

    List<Manifest> manifests() {
        return entries.values().stream().map(Entry::manifest).toList();
    }

    static Reading of(Repository repository, ObjectId commit, Settings settings, Reading before) throws IOException {
        Map<String, Entry> entries = new TreeMap<>();
        try (TreeWalk walk = open(repository, commit, settings)) {
            while (walk.next()) {
                if (counts(walk)) {
                    String path = settings.folder().isEmpty() ? walk.getPathString()
                            : settings.folder() + "/" + walk.getPathString();
                    Entry known = before.entries().get(path);
                    ObjectId id = walk.getObjectId(0);
                    entries.put(path, known != null && known.id().equals(id) && known.mode().equals(walk.getFileMode(0))
                            ? known
                            : new Entry(id, walk.getFileMode(0), manifest(walk, path)));
                }
            }
        }
        return new Reading(entries);
    }

    private static TreeWalk open(Repository repository, ObjectId commit, Settings settings) throws IOException {
        try (RevWalk commits = new RevWalk(repository)) {
            ObjectId tree = commits.parseCommit(commit).getTree();
            if (!settings.folder().isEmpty()) {
                tree = folder(repository, tree, commit, settings);
            }
            TreeWalk walk = new TreeWalk(repository);
            walk.addTree(tree);
            return walk;
        }
    }

    /** A folder that is not there was misspelt or moved as often as emptied: nothing may be removed for that. */
    private static ObjectId folder(Repository repository, ObjectId tree, ObjectId commit, Settings settings)
            throws IOException {
        try (TreeWalk found = TreeWalk.forPath(repository, settings.folder(), tree)) {
            if (found != null && found.isSubtree()) {
                return found.getObjectId(0);
            }
        }
        throw new IOException(settings.repository() + ": no folder '" + settings.folder() + "' in commit "
                + commit.abbreviate(10).name() + "; the pods stay as they are. If all its manifests were deleted on "
                + "purpose, leave another file in it, such as .gitkeep: Git keeps no empty folders");
    }

    private static boolean counts(TreeWalk walk) {
        return walk.getFileMode(0).getObjectType() == Constants.OBJ_BLOB
                && FileNames.USUAL.isManifest(walk.getNameString());
    }

    private static Manifest manifest(TreeWalk walk, String origin) throws IOException {
        if (walk.getFileMode(0).equals(FileMode.SYMLINK)) {
            return new Unreadable(origin, "it is a symbolic link, which is not followed in a Git repository");
        }
        ObjectLoader blob = walk.getObjectReader().open(walk.getObjectId(0));
        if (blob.getSize() > Text.MAX_BYTES) {
            return new Unreadable(origin, "larger than 10 MiB");
        }
        return blob.getSize() == 0 ? new Unreadable(origin, "the file is empty") : new Text(origin, blob.getBytes());
    }
}

package io.holdfast.manifest;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Volume;

/** The API's validation (behaviour I3) of volumes. */
final class VolumeRules {

    private static final String DOWNWARD = "downwardAPI";

    private final Rules rules;
    private final String path;
    /** Of one volume: two cannot be the same file. */
    private final Set<String> files = new HashSet<>();

    private VolumeRules(Rules rules, String path) {
        this.rules = rules;
        this.path = path;
    }

    static void check(List<Volume> volumes, Rules rules) {
        rules.unique("spec.volumes", "name", volumes, Volume::name);
        for (int i = 0; i < volumes.size(); i++) {
            new VolumeRules(rules, "spec.volumes[" + i + "]").check(volumes.get(i));
        }
    }

    private void check(Volume volume) {
        rules.required(path + ".name", volume.name(), Formats::label);
        rules.must(Rules.count(volume.hostPath(), volume.emptyDir(), volume.configMap(), volume.secret(),
                volume.downwardAPI(), volume.projected()) <= 1, path, "must not have more than one kind of volume");
        Volume.HostPath hostPath = volume.hostPath();
        if (hostPath != null) {
            rules.required(path + ".hostPath.path", hostPath.path(),
                    p -> p.startsWith("/") ? Formats.noBacksteps(p)
                            : "must be an absolute path; found '" + Tree.brief(p) + "'");
        }
        if (volume.emptyDir() != null) {
            emptyDir(path + ".emptyDir", volume.emptyDir());
        }
        configMap(path + ".configMap", volume.configMap());
        Volume.SecretSource secret = volume.secret();
        if (secret != null) {
            secret(path + ".secret", "secretName", secret.secretName(), secret);
        }
        downward(path + "." + DOWNWARD, volume.downwardAPI());
        if (volume.projected() != null) {
            projected(path + ".projected", volume.projected());
        }
    }

    private void emptyDir(String at, Volume.EmptyDir emptyDir) {
        boolean huge = emptyDir.medium().startsWith("HugePages");
        rules.must(emptyDir.medium().isEmpty() || emptyDir.medium().equals("Memory") || huge, at + ".medium",
                "expected Memory or nothing, found '" + Tree.brief(emptyDir.medium()) + "'");
        if (huge) {
            rules.notYet(at + ".medium");
        }
        rules.must(emptyDir.sizeLimit() == null || emptyDir.sizeLimit().amount().compareTo(BigDecimal.ZERO) >= 0,
                at + ".sizeLimit", "must not be negative");
    }

    private void configMap(String at, Volume.@Nullable ConfigMapSource source) {
        if (source != null) {
            name(at + ".name", source.name());
            mode(at + ".defaultMode", source.defaultMode());
            items(at, source.items());
        }
    }

    private void secret(String at, String field, @Nullable String name, Volume.SecretSource source) {
        name(at + "." + field, name);
        rules.must(field.equals("name") || source.name() == null, at + ".name",
                "is the name of a projected Secret; a volume's is secretName");
        rules.must(field.equals("secretName") || source.secretName() == null, at + ".secretName",
                "is the name of a volume's Secret; a projected one's is name");
        mode(at + ".defaultMode", source.defaultMode());
        items(at, source.items());
    }

    private void projected(String at, Volume.Projected projected) {
        mode(at + ".defaultMode", projected.defaultMode());
        for (int i = 0; i < projected.sources().size(); i++) {
            Volume.Projected.Source source = projected.sources().get(i);
            String each = at + ".sources[" + i + "]";
            rules.one(each, "configMap, secret, downwardAPI", source.configMap(), source.secret(), source.downwardAPI());
            configMap(each + ".configMap", source.configMap());
            Volume.SecretSource secret = source.secret();
            if (secret != null) {
                secret(each + ".secret", "name", secret.name(), secret);
            }
            downward(each + "." + DOWNWARD, source.downwardAPI());
        }
    }

    private void downward(String at, Volume.@Nullable DownwardApi source) {
        if (source == null) {
            return;
        }
        mode(at + ".defaultMode", source.defaultMode());
        for (int i = 0; i < source.items().size(); i++) {
            Volume.DownwardApi.Item item = source.items().get(i);
            String each = at + ".items[" + i + "]";
            file(each + ".path", item.path());
            mode(each + ".mode", item.mode());
            rules.one(each, "fieldRef, resourceFieldRef", item.fieldRef(), item.resourceFieldRef());
            EnvRules.inVolume(rules, each + ".fieldRef", item.fieldRef());
            if (item.resourceFieldRef() != null) {
                String container = item.resourceFieldRef().containerName();
                rules.must(container != null && !container.isEmpty(), each + ".resourceFieldRef.containerName",
                        "is required in a volume");
                EnvRules.resource(rules, each + ".resourceFieldRef", item.resourceFieldRef());
            }
        }
    }

    private void items(String at, List<Volume.KeyToPath> items) {
        for (int i = 0; i < items.size(); i++) {
            String each = at + ".items[" + i + "]";
            rules.required(each + ".key", items.get(i).key(), Formats::dataKey);
            file(each + ".path", items.get(i).path());
            mode(each + ".mode", items.get(i).mode());
        }
    }

    private void name(String at, @Nullable String name) {
        if (name == null) {
            rules.check(at, "is required");
        } else {
            rules.required(at, name, Formats::subdomain);
        }
    }

    private void file(String at, String name) {
        rules.required(at, name, file -> file.startsWith("..") ? "must not begin with '..'" : Formats.inside(file));
        rules.must(name.isEmpty() || files.add(name), at, "must be unique; '" + Tree.brief(name) + "' is there already");
    }

    private void mode(String at, @Nullable Integer mode) {
        rules.must(mode == null || (mode >= 0 && mode <= 0777), at,
                "must be between 0 and 0777 (511 in JSON), found " + (mode == null ? "" : mode));
    }
}

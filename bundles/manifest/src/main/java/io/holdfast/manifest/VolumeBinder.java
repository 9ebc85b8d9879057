package io.holdfast.manifest;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Volume;

/** The volumes' part of {@link PodBinder}. */
final class VolumeBinder {

    private VolumeBinder() {
    }

    static Volume volume(Fields f) {
        return new Volume(f.needed("name"),
                f.object("hostPath", Volume.HostPath.class,
                        h -> new Volume.HostPath(h.needed("path"), h.word("type", Volume.HostPath.Type.values()))),
                f.object("emptyDir", Volume.EmptyDir.class, VolumeBinder::emptyDir), configMap(f), secret(f),
                downward(f),
                f.object("projected", Volume.Projected.class,
                        p -> new Volume.Projected(
                                p.objects("sources", Volume.Projected.Source.class,
                                        s -> new Volume.Projected.Source(configMap(s), secret(s), downward(s))),
                                p.numberOrNull("defaultMode"))));
    }

    private static Volume.EmptyDir emptyDir(Fields f) {
        String medium = f.text("medium");
        return new Volume.EmptyDir(medium == null ? "" : medium, f.quantity("sizeLimit"));
    }

    private static Volume.@Nullable ConfigMapSource configMap(Fields f) {
        return f.object("configMap", Volume.ConfigMapSource.class, c -> new Volume.ConfigMapSource(c.text("name"),
                items(c), c.numberOrNull("defaultMode"), c.flag("optional")));
    }

    private static Volume.@Nullable SecretSource secret(Fields f) {
        return f.object("secret", Volume.SecretSource.class, s -> new Volume.SecretSource(s.text("secretName"),
                s.text("name"), items(s), s.numberOrNull("defaultMode"), s.flag("optional")));
    }

    private static List<Volume.KeyToPath> items(Fields f) {
        return f.objects("items", Volume.KeyToPath.class,
                i -> new Volume.KeyToPath(i.needed("key"), i.needed("path"), i.numberOrNull("mode")));
    }

    private static Volume.@Nullable DownwardApi downward(Fields f) {
        return f.object("downwardAPI", Volume.DownwardApi.class, d -> new Volume.DownwardApi(
                d.objects("items", Volume.DownwardApi.Item.class, i -> new Volume.DownwardApi.Item(i.needed("path"),
                        PodBinder.fieldRef(i), PodBinder.resourceFieldRef(i), i.numberOrNull("mode"))),
                d.numberOrNull("defaultMode")));
    }
}

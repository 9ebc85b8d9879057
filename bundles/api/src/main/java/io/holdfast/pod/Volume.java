package io.holdfast.pod;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** A named volume; exactly one source is present (an absent one became an {@code emptyDir}, behaviour I2). */
public record Volume(String name, @Nullable HostPath hostPath, @Nullable EmptyDir emptyDir,
        @Nullable ConfigMapSource configMap, @Nullable SecretSource secret, @Nullable DownwardApi downwardAPI,
        @Nullable Projected projected) {

    /** @param type empty: no check */
    public record HostPath(String path, Type type) {

        /** Spelled as in the manifest, but for {@code Unset}, which is the empty string there. */
        public enum Type {
            Unset, DirectoryOrCreate, Directory, FileOrCreate, File, Socket, CharDevice, BlockDevice
        }
    }

    /** @param medium empty (the node's disk) or {@code Memory} (tmpfs) */
    public record EmptyDir(String medium, @Nullable Quantity sizeLimit) {
    }

    public record KeyToPath(String key, String path, @Nullable Integer mode) {
    }

    public record ConfigMapSource(@Nullable String name, List<KeyToPath> items, @Nullable Integer defaultMode,
            boolean optional) {

        public ConfigMapSource {
            items = Lists.of(items);
        }
    }

    public record SecretSource(@Nullable String secretName, @Nullable String name, List<KeyToPath> items,
            @Nullable Integer defaultMode, boolean optional) {

        public SecretSource {
            items = Lists.of(items);
        }
    }

    public record DownwardApi(List<Item> items, @Nullable Integer defaultMode) {

        public DownwardApi {
            items = Lists.of(items);
        }

        public record Item(String path, EnvVar.@Nullable FieldRef fieldRef,
                EnvVar.@Nullable ResourceFieldRef resourceFieldRef, @Nullable Integer mode) {
        }
    }

    public record Projected(List<Source> sources, @Nullable Integer defaultMode) {

        public Projected {
            sources = Lists.of(sources);
        }

        /** Exactly one is present. */
        public record Source(@Nullable ConfigMapSource configMap, @Nullable SecretSource secret,
                @Nullable DownwardApi downwardAPI) {
        }
    }
}

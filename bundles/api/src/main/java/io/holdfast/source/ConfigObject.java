package io.holdfast.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * A ConfigMap or a Secret from the manifests, for the pods of its namespace (behaviour I4). Immutable. Nothing here shows
 * a value by {@code toString}.
 *
 * @param type of a Secret, such as {@code Opaque}; empty for a ConfigMap
 * @param data of a ConfigMap {@code data} and {@code binaryData}, of a Secret {@code data} and {@code stringData}, decoded
 * @param source the {@code source.name} it came from
 * @param origin the file or URL
 */
public record ConfigObject(Key key, String type, Map<String, Value> data, String source, String origin) {

    public ConfigObject {
        data = Map.copyOf(data);
    }

    public enum Kind {
        ConfigMap, Secret
    }

    public record Key(Kind kind, String namespace, String name) {

        /** Such as {@code Secret default/tls}. */
        @Override
        public String toString() {
            return kind + " " + namespace + "/" + name;
        }
    }

    /** Bytes that are compared by content and not shown. */
    public static final class Value {

        private final byte[] bytes;
        private final boolean binary;

        private Value(byte[] bytes, boolean binary) {
            this.bytes = bytes;
            this.binary = binary;
        }

        public static Value of(byte[] bytes) {
            return new Value(bytes.clone(), false);
        }

        public static Value of(String text) {
            return new Value(text.getBytes(StandardCharsets.UTF_8), false);
        }

        /** Of {@code binaryData}. */
        public static Value binary(byte[] bytes) {
            return new Value(bytes.clone(), true);
        }

        /** Whether it is for files only, and no environment variable. */
        public boolean isBinary() {
            return binary;
        }

        public byte[] bytes() {
            return bytes.clone();
        }

        /** As UTF-8; what is none is replaced. */
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Value value && Arrays.equals(bytes, value.bytes) && binary == value.binary;
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return bytes.length + " bytes";
        }
    }
}

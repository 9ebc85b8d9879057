package io.holdfast.mirror;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.source.DesiredPod;

/** Knows what an API server lets no mirror refer to, as whoever creates a pod could then read it (behaviour M8). */
final class Restricted {

    /** Names of fields below {@code spec}, and what they refer to. */
    private static final Map<String, String> REFERENCES = Map.ofEntries(
            Map.entry("serviceAccountName", "service account"), Map.entry("serviceAccountToken", "service account"),
            Map.entry("imagePullSecrets", "Secret"), Map.entry("secret", "Secret"),
            Map.entry("secretKeyRef", "Secret"), Map.entry("secretRef", "Secret"),
            Map.entry("configMap", "ConfigMap"), Map.entry("configMapKeyRef", "ConfigMap"),
            Map.entry("configMapRef", "ConfigMap"), Map.entry("persistentVolumeClaim", "persistent volume claim"),
            Map.entry("resourceClaims", "resource claim"));

    /** Below these is what a user writes, not field names of the API. */
    private static final List<String> FREE = List.of("nodeSelector", "limits", "requests", "matchLabels");

    private Restricted() {
    }

    static Optional<String> reason(DesiredPod pod) {
        if (REFERENCES.keySet().stream().noneMatch(field -> pod.json().contains("\"" + field + "\""))) {
            return Optional.empty(); // without reading it, as this is asked again and again
        }
        try {
            return find("spec", MirrorObject.JSON.readTree(pod.json()).path("spec"))
                    .map(found -> found + ", which API servers refuse in the mirror of a node; the pod runs without being shown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> find(String path, JsonNode in) {
        if (in.isArray()) {
            for (int i = 0; i < in.size(); i++) {
                Optional<String> found = find(path + "[" + i + "]", in.get(i));
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }
        return in.properties().stream().filter(field -> !FREE.contains(field.getKey()))
                .map(field -> found(path + "." + field.getKey(), field.getKey(), field.getValue()))
                .flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> found(String path, String name, JsonNode value) {
        String kind = REFERENCES.get(name);
        boolean refers = kind != null && !(value.isTextual() && value.asText().isEmpty())
                && !(value.isArray() && value.isEmpty());
        return refers ? Optional.of(path + " refers to a " + kind) : find(path, value);
    }
}

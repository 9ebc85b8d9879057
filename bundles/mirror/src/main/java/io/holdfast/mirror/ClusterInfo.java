package io.holdfast.mirror;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.kit.tls.TlsMaterial;

/** What exec plugins are told of the cluster when they want to know ({@code provideClusterInfo}). */
final class ClusterInfo {

    private static final List<String> COPIED = List.of("server", "tls-server-name", "insecure-skip-tls-verify",
            "proxy-url");
    private static final String EXTENSION = "client.authentication.k8s.io/exec";

    private ClusterInfo() {
    }

    static ObjectNode of(Fields cluster, Optional<TlsMaterial.Part> ca) throws FileTrouble {
        ObjectNode info = Trees.MAPPER.createObjectNode();
        for (String key : COPIED) {
            if (cluster.has(key)) {
                info.set(key, Trees.MAPPER.valueToTree(cluster.values().get(key)));
            }
        }
        ca.ifPresent(part -> info.put("certificate-authority-data", part.text().getBytes(ISO_8859_1)));
        for (Fields extension : cluster.named("extensions")) {
            if (EXTENSION.equals(extension.values().get("name"))) {
                info.set("config", Trees.MAPPER.valueToTree(extension.values().get("extension")));
            }
        }
        return info;
    }
}

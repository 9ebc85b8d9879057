package io.holdfast.mirror;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import io.holdfast.pod.PodName;

/** Where things are at an API server. */
final class Paths {

    static final String NODES = "/api/v1/nodes";
    static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    static final String REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    private Paths() {
    }

    static String podsOf(String node) {
        return "/api/v1/pods?fieldSelector=" + URLEncoder.encode("spec.nodeName=" + node, StandardCharsets.UTF_8);
    }

    static String pods(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }

    static String pod(PodName name) {
        return pods(name.namespace()) + "/" + name.name();
    }

    static String events(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/events";
    }

    static String node(String name) {
        return NODES + "/" + name;
    }

    static String lease(String node) {
        return LEASES + "/" + node;
    }
}

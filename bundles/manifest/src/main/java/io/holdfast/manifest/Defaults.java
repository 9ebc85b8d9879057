package io.holdfast.manifest;

import java.util.List;
import java.util.Map;

import io.holdfast.manifest.Tree.Obj;
import io.holdfast.manifest.Tree.Place;

/** Fills in what the API server would (behaviour I2). Passes over what has another type than expected. */
final class Defaults {

    private static final Map<String, Integer> PROBE = Map.of("timeoutSeconds", 1, "periodSeconds", 10,
            "successThreshold", 1, "failureThreshold", 3);

    private Defaults() {
    }

    static void fill(Obj pod) {
        pod.objectOrNew("metadata").putIfAbsent("namespace", "default");
        Obj spec = pod.object("spec");
        spec.putIfAbsent("restartPolicy", "Always");
        spec.putIfAbsent("terminationGracePeriodSeconds", 30);
        spec.putIfAbsent("dnsPolicy", "ClusterFirst");
        spec.objectOrNew("securityContext");
        spec.putIfAbsent("schedulerName", "default-scheduler");
        if (!spec.has("enableServiceLinks")) {
            spec.put("enableServiceLinks", new Tree.Bool(spec.place(), true, "true"));
        }
        boolean hostNetwork = spec.get("hostNetwork") instanceof Tree.Bool(Place _, boolean on, String _) && on;
        for (String list : List.of("initContainers", "containers")) {
            spec.objects(list).forEach(container -> container(container, hostNetwork));
        }
        spec.objects("volumes").forEach(Defaults::volume);
    }

    private static void container(Obj container, boolean hostNetwork) {
        String image = container.text("image");
        container.putIfAbsent("imagePullPolicy", image != null && isLatest(image) ? "Always" : "IfNotPresent");
        container.putIfAbsent("terminationMessagePath", "/dev/termination-log");
        container.putIfAbsent("terminationMessagePolicy", "File");
        requests(container.objectOrNew("resources"));
        for (Obj port : container.objects("ports")) {
            port.putIfAbsent("protocol", "TCP");
            Tree number = port.get("containerPort");
            if (hostNetwork && number != null && !port.has("hostPort")) {
                port.put("hostPort", number);
            }
        }
        for (Obj env : container.objects("env")) {
            if (env.object("valueFrom").get("fieldRef") instanceof Obj ref) {
                ref.putIfAbsent("apiVersion", "v1");
            }
        }
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.get(probe) instanceof Obj o) {
                probe(o);
            }
        }
        httpGet(container.object("lifecycle").object("postStart"));
        httpGet(container.object("lifecycle").object("preStop"));
    }

    /** Without a tag, or with {@code latest}, and not pinned by a digest. */
    static boolean isLatest(String image) {
        if (image.contains("@")) {
            return false;
        }
        String last = image.substring(image.lastIndexOf('/') + 1);
        return !last.contains(":") || last.endsWith(":latest");
    }

    private static void requests(Obj resources) {
        Map<String, Tree> limits = resources.object("limits").fields();
        if (!limits.isEmpty()) {
            Obj requests = resources.objectOrNew("requests");
            limits.forEach((name, limit) -> {
                if (!requests.has(name)) {
                    requests.put(name, limit);
                    requests.keys().put(name, limit.place());
                }
            });
        }
    }

    private static void probe(Obj probe) {
        PROBE.forEach((field, value) -> {
            if (probe.get(field) instanceof Tree.Num(Place _, String number) && number.equals("0")) {
                probe.remove(field); // as for the API, 0 is: not set
            }
            probe.putIfAbsent(field, value);
        });
        httpGet(probe);
    }

    private static void httpGet(Obj handler) {
        if (handler.get("httpGet") instanceof Obj get) {
            get.putIfAbsent("path", "/");
            get.putIfAbsent("scheme", "HTTP");
        }
    }

    private static void volume(Obj volume) {
        if (volume.has("name") && volume.fields().size() == 1) {
            volume.put("emptyDir", new Obj(volume.place()));
        }
        if (volume.get("hostPath") instanceof Obj hostPath) {
            hostPath.putIfAbsent("type", "");
        }
    }
}

package io.holdfast.manifest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Affinity;
import io.holdfast.pod.Container;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.Pod;
import io.holdfast.pod.PodSecurityContext;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.ResourceRequirements;
import io.holdfast.pod.SecurityContext;
import io.holdfast.pod.Volume;
import io.holdfast.source.ConfigObject;

/**
 * What is done with fields that are not simply carried out. This table is the place to change when one more field is
 * carried out: delete its name here, and what {@link PodBinder} reads of it takes effect.
 */
final class Support {

    /** By the record that has the field, or would have it, and the field's name. */
    private static final Map<Class<?>, Map<String, Rule>> TABLE = new HashMap<>();

    static {
        of(Pod.class).known("apiVersion", "kind").dropped("status");
        // what the API server adds to objects that are exported with kubectl
        of(Pod.ObjectMeta.class).dropped("creationTimestamp", "generateName", "ownerReferences", "finalizers",
                "resourceVersion", "generation", "managedFields", "selfLink", "deletionTimestamp",
                "deletionGracePeriodSeconds", "clusterName");

        of(ConfigObject.class).known("apiVersion", "kind").accepted(Tree.Bool.class, "immutable");

        of(DaemonSets.DaemonSet.class).known("apiVersion", "kind").dropped("status");
        of(DaemonSets.Spec.class).accepted(Tree.Obj.class, "updateStrategy")
                .accepted(Tree.Num.class, "minReadySeconds", "revisionHistoryLimit");

        of(PodSpec.class)
                .accepted(Tree.Arr.class, "tolerations", "topologySpreadConstraints", "schedulingGates")
                .accepted(Tree.Obj.class, "overhead").accepted(Tree.Bool.class, "enableServiceLinks")
                .accepted(Tree.Text.class, "schedulerName", "preemptionPolicy")
                .known("os", "automountServiceAccountToken", "serviceAccount")
                .notYet("resources", "hostnameOverride")
                .notYetUnless("hostUsers", "true")
                .refused("ephemeralContainers",
                        "debug containers are added by the API server, a manifest cannot have them")
                .refused("resourceClaims", "devices are claimed from an API server, and a static pod has none")
                .refused("resourceClaimName", "devices are claimed from an API server, and a static pod has none")
                .refused("schedulingGroup", "nothing is scheduled on a node of its own")
                .refused("workloadRef", "nothing is scheduled on a node of its own");
        of(Affinity.class).accepted(Tree.Obj.class, "podAffinity", "podAntiAffinity");
        of(Affinity.NodeAffinity.class).accepted(Tree.Arr.class, "preferredDuringSchedulingIgnoredDuringExecution");

        of(Container.class)
                .accepted(Tree.Arr.class, "resizePolicy")
                .notYet("restartPolicyRules", "volumeDevices");
        of(ResourceRequirements.class)
                .refused("claims", "devices are claimed from an API server, and a static pod has none");
        of(EnvVar.EnvVarSource.class).notYet("fileKeyRef");

        String linuxOnly = "nothing but linux runs here";
        of(SecurityContext.class).refused("windowsOptions", linuxOnly);
        of(PodSecurityContext.class).refused("windowsOptions", linuxOnly).accepted(Tree.Text.class, "seLinuxChangePolicy");
        of(Volume.Projected.Source.class)
                .refused("serviceAccountToken", "tokens come from an API server, and a static pod has none")
                .refused("clusterTrustBundle", "trust bundles come from an API server, and a static pod has none")
                .refused("podCertificate", "these come from an API server, and a static pod has none");

        String needsCluster = "this kind of volume is attached by a cluster's control plane;"
                + " use hostPath for what is on the node";
        of(Volume.class)
                .notYet("persistentVolumeClaim", "image", "nfs", "iscsi", "fc")
                .refused("csi",
                        "a CSI volume needs drivers that an API server announces; use hostPath for what is on the node")
                .refused("ephemeral",
                        "it makes a claim at an API server;"
                                + " use emptyDir for a directory that lives as long as the pod");
        for (String kind : List.of("awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "flexVolume",
                "flocker", "gcePersistentDisk", "gitRepo", "glusterfs", "photonPersistentDisk", "portworxVolume",
                "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume")) {
            of(Volume.class).refused(kind, needsCluster);
        }
    }

    private Support() {
    }

    sealed interface Rule {

        /** Looked at elsewhere. */
        record Known() implements Rule {
        }

        /** Has no effect on one node; stays in the pod's JSON. */
        record Accepted(Class<? extends Tree> type) implements Rule {
        }

        /** Means nothing in a manifest; goes. */
        record Dropped() implements Rule {
        }

        /** @param without values that ask for nothing, beside empty ones and {@code false} */
        record NotYet(Set<String> without) implements Rule {
        }

        record Refused(String why) implements Rule {
        }
    }

    static @Nullable Rule rule(Class<?> type, String field) {
        return TABLE.getOrDefault(type, Map.of()).get(field);
    }

    static Set<String> fields(Class<?> type) {
        return TABLE.getOrDefault(type, Map.of()).keySet();
    }

    private static Builder of(Class<?> type) {
        return new Builder(TABLE.computeIfAbsent(type, t -> new HashMap<>()));
    }

    private record Builder(Map<String, Rule> rules) {

        Builder known(String... names) {
            return put(new Rule.Known(), names);
        }

        Builder accepted(Class<? extends Tree> type, String... names) {
            return put(new Rule.Accepted(type), names);
        }

        Builder dropped(String... names) {
            return put(new Rule.Dropped(), names);
        }

        Builder notYet(String... names) {
            return put(new Rule.NotYet(Set.of()), names);
        }

        Builder notYetUnless(String name, String... values) {
            return put(new Rule.NotYet(Set.of(values)), name);
        }

        Builder refused(String name, String why) {
            return put(new Rule.Refused(why), name);
        }

        private Builder put(Rule rule, String... names) {
            for (String name : names) {
                rules.put(name, rule);
            }
            return this;
        }
    }
}

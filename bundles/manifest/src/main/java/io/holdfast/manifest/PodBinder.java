package io.holdfast.manifest;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Affinity;
import io.holdfast.pod.Container;
import io.holdfast.pod.EnvFromSource;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.Handler;
import io.holdfast.pod.IntOrString;
import io.holdfast.pod.Lifecycle;
import io.holdfast.pod.Pod;
import io.holdfast.pod.PodSecurityContext;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.Probe;
import io.holdfast.pod.Quantity;
import io.holdfast.pod.ResourceRequirements;
import io.holdfast.pod.SecurityContext;
import io.holdfast.pod.Volume;

/**
 * Reads a defaulted tree into the records: the schema of a Pod, by hand, because reflection over this many constructors
 * costs more than 100 ms in a fresh JVM.
 */
final class PodBinder {

    private PodBinder() {
    }

    /** The pod; of use only when no fault was added. */
    static Pod bind(Tree.Obj root, Faults faults) {
        Fields fields = new Fields(root, "", Pod.class, faults);
        Pod pod = pod(fields);
        fields.end();
        return pod;
    }

    private static Pod pod(Fields f) {
        Pod.ObjectMeta metadata = f.object("metadata", Pod.ObjectMeta.class, PodBinder::metadata);
        f.require("spec");
        PodSpec spec = f.object("spec", PodSpec.class, PodBinder::spec);
        return new Pod(metadata == null ? f.without(PodBinder::metadata) : metadata,
                spec == null ? f.without(PodBinder::spec) : spec);
    }

    static Pod.ObjectMeta metadata(Fields f) {
        return new Pod.ObjectMeta(f.needed("name"), f.needed("namespace"), f.text("uid"), f.textMap("labels"),
                f.textMap("annotations"));
    }

    private static PodSpec spec(Fields f) {
        return new PodSpec(f.objects("containers", Container.class, PodBinder::container),
                f.objects("initContainers", Container.class, PodBinder::container),
                f.objects("volumes", Volume.class, VolumeBinder::volume),
                f.word("restartPolicy", PodSpec.RestartPolicy.values()), f.whole("terminationGracePeriodSeconds"),
                f.wholeOrNull("activeDeadlineSeconds"), f.word("dnsPolicy", PodSpec.DnsPolicy.values()),
                f.object("dnsConfig", PodSpec.DnsConfig.class, PodBinder::dnsConfig), f.flag("hostNetwork"),
                f.flag("hostPID"), f.flag("hostIPC"), f.flag("shareProcessNamespace"), f.text("hostname"),
                f.text("subdomain"), f.flag("setHostnameAsFQDN"),
                f.objects("hostAliases", PodSpec.HostAlias.class,
                        a -> new PodSpec.HostAlias(a.needed("ip"), a.texts("hostnames"))),
                f.object("securityContext", PodSecurityContext.class, SecurityBinder::pod),
                f.objects("imagePullSecrets", PodSpec.LocalObjectReference.class,
                        r -> new PodSpec.LocalObjectReference(r.needed("name"))),
                f.textMap("nodeSelector"), f.object("affinity", Affinity.class, PodBinder::affinity),
                f.text("nodeName"), f.text("priorityClassName"), f.numberOrNull("priority"),
                f.text("runtimeClassName"),
                f.objects("readinessGates", PodSpec.ReadinessGate.class,
                        g -> new PodSpec.ReadinessGate(g.needed("conditionType"))),
                f.text("serviceAccountName"));
    }

    private static PodSpec.DnsConfig dnsConfig(Fields f) {
        return new PodSpec.DnsConfig(f.texts("nameservers"), f.texts("searches"),
                f.objects("options", PodSpec.DnsConfig.Option.class,
                        o -> new PodSpec.DnsConfig.Option(o.needed("name"), o.text("value"))));
    }

    private static Affinity affinity(Fields f) {
        return new Affinity(f.object("nodeAffinity", Affinity.NodeAffinity.class, PodBinder::nodeAffinity));
    }

    private static Affinity.NodeAffinity nodeAffinity(Fields f) {
        return new Affinity.NodeAffinity(
                f.object("requiredDuringSchedulingIgnoredDuringExecution", Affinity.NodeSelector.class,
                        s -> new Affinity.NodeSelector(s.objects("nodeSelectorTerms", Affinity.Term.class,
                                t -> new Affinity.Term(requirements(t, "matchExpressions"),
                                        requirements(t, "matchFields"))))));
    }

    static List<Affinity.Requirement> requirements(Fields f, String name) {
        return f.objects(name, Affinity.Requirement.class, r -> new Affinity.Requirement(r.needed("key"),
                r.word("operator", Affinity.Operator.values()), r.texts("values")));
    }

    // javac loses the annotation of Outer.@Nullable Inner where a record has a compact constructor
    @SuppressWarnings("NullAway")
    private static Container container(Fields f) {
        return new Container(f.needed("name"), f.needed("image"), f.texts("command"), f.texts("args"),
                f.text("workingDir"), f.objects("ports", Container.ContainerPort.class, PodBinder::port),
                f.objects("envFrom", EnvFromSource.class, PodBinder::envFrom),
                f.objects("env", EnvVar.class, PodBinder::env),
                Objects.requireNonNullElse(
                        f.object("resources", ResourceRequirements.class, PodBinder::resources),
                        ResourceRequirements.NONE),
                f.objects("volumeMounts", Container.VolumeMount.class, PodBinder::mount),
                f.object("livenessProbe", Probe.class, PodBinder::probe),
                f.object("readinessProbe", Probe.class, PodBinder::probe),
                f.object("startupProbe", Probe.class, PodBinder::probe),
                f.object("lifecycle", Lifecycle.class, l -> new Lifecycle(hook(l, "postStart"), hook(l, "preStop"),
                        l.text("stopSignal"))),
                f.needed("terminationMessagePath"),
                f.word("terminationMessagePolicy", Container.TerminationMessagePolicy.values()),
                f.word("imagePullPolicy", Container.ImagePullPolicy.values()),
                f.object("securityContext", SecurityContext.class, SecurityBinder::container),
                f.flag("stdin"), f.flag("stdinOnce"), f.flag("tty"),
                f.wordOrNull("restartPolicy", PodSpec.RestartPolicy.values()));
    }

    private static ResourceRequirements resources(Fields f) {
        // limits first: requests may be copies of them
        Map<String, Quantity> limits = f.quantityMap("limits");
        return new ResourceRequirements(f.quantityMap("requests"), limits);
    }

    private static Container.ContainerPort port(Fields f) {
        return new Container.ContainerPort(f.text("name"), f.neededNumber("containerPort"), f.numberOrNull("hostPort"),
                f.text("hostIP"), f.word("protocol", Container.Protocol.values()));
    }

    private static EnvFromSource envFrom(Fields f) {
        return new EnvFromSource(f.text("prefix"), objectRef(f, "configMapRef"), objectRef(f, "secretRef"));
    }

    private static EnvFromSource.@Nullable ObjectRef objectRef(Fields f, String name) {
        return f.object(name, EnvFromSource.ObjectRef.class,
                r -> new EnvFromSource.ObjectRef(r.needed("name"), r.flag("optional")));
    }

    private static EnvVar env(Fields f) {
        return new EnvVar(f.needed("name"), f.text("value"),
                f.object("valueFrom", EnvVar.EnvVarSource.class, s -> new EnvVar.EnvVarSource(fieldRef(s),
                        resourceFieldRef(s), keyRef(s, "configMapKeyRef"), keyRef(s, "secretKeyRef"))));
    }

    static EnvVar.@Nullable FieldRef fieldRef(Fields f) {
        return f.object("fieldRef", EnvVar.FieldRef.class,
                r -> new EnvVar.FieldRef(r.text("apiVersion"), r.needed("fieldPath")));
    }

    static EnvVar.@Nullable ResourceFieldRef resourceFieldRef(Fields f) {
        return f.object("resourceFieldRef", EnvVar.ResourceFieldRef.class, r -> new EnvVar.ResourceFieldRef(
                r.text("containerName"), r.needed("resource"), r.quantity("divisor")));
    }

    private static EnvVar.@Nullable KeyRef keyRef(Fields f, String name) {
        return f.object(name, EnvVar.KeyRef.class,
                r -> new EnvVar.KeyRef(r.needed("name"), r.needed("key"), r.flag("optional")));
    }

    private static Container.VolumeMount mount(Fields f) {
        return new Container.VolumeMount(f.needed("name"), f.needed("mountPath"), f.flag("readOnly"),
                f.text("subPath"), f.text("subPathExpr"),
                f.wordOrNull("mountPropagation", Container.MountPropagation.values()), f.text("recursiveReadOnly"));
    }

    private static Probe probe(Fields f) {
        return new Probe(exec(f), httpGet(f), tcpSocket(f),
                f.object("grpc", Handler.Grpc.class, g -> new Handler.Grpc(g.neededNumber("port"), g.text("service"))),
                f.number("initialDelaySeconds"), f.number("timeoutSeconds"), f.number("periodSeconds"),
                f.number("successThreshold"), f.number("failureThreshold"),
                f.wholeOrNull("terminationGracePeriodSeconds"));
    }

    private static Lifecycle.@Nullable Hook hook(Fields f, String name) {
        return f.object(name, Lifecycle.Hook.class, h -> new Lifecycle.Hook(exec(h), httpGet(h), tcpSocket(h),
                h.object("sleep", Handler.Sleep.class, s -> new Handler.Sleep(s.whole("seconds")))));
    }

    private static Handler.@Nullable Exec exec(Fields f) {
        return f.object("exec", Handler.Exec.class, e -> new Handler.Exec(e.texts("command")));
    }

    private static Handler.@Nullable HttpGet httpGet(Fields f) {
        return f.object("httpGet", Handler.HttpGet.class,
                h -> new Handler.HttpGet(h.text("path"), portOf(h), h.text("host"), h.text("scheme"),
                        h.objects("httpHeaders", Handler.Header.class,
                                x -> new Handler.Header(x.needed("name"), x.needed("value")))));
    }

    private static Handler.@Nullable TcpSocket tcpSocket(Fields f) {
        return f.object("tcpSocket", Handler.TcpSocket.class, t -> new Handler.TcpSocket(portOf(t), t.text("host")));
    }

    private static IntOrString portOf(Fields f) {
        f.require("port");
        IntOrString port = f.port("port");
        return port == null ? new IntOrString.Number(0) : port;
    }
}

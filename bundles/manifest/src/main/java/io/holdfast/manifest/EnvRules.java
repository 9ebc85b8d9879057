package io.holdfast.manifest;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.config.Nearest;
import io.holdfast.pod.Container;
import io.holdfast.pod.EnvFromSource;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.Quantity;

/** The API's validation (behaviour I3) of a container's environment, and of the references that volumes share with it. */
final class EnvRules {

    private static final Set<String> IN_VOLUMES = Set.of("metadata.name", "metadata.namespace", "metadata.uid",
            "metadata.labels", "metadata.annotations");
    private static final Set<String> IN_ENV = Set.of("metadata.name", "metadata.namespace", "metadata.uid",
            "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP",
            "status.podIPs");
    private static final Set<String> RESOURCES = Set.of("limits.cpu", "limits.memory", "limits.ephemeral-storage",
            "requests.cpu", "requests.memory", "requests.ephemeral-storage");
    private static final List<BigDecimal> OF_CPU = divisors("0", "1", "1m");
    private static final List<BigDecimal> OF_BYTES = divisors("0", "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi",
            "1Gi", "1Ti", "1Pi", "1Ei");
    private static final Pattern SUBSCRIPT = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

    private final Rules rules;
    private final String path;

    EnvRules(Rules rules, String path) {
        this.rules = rules;
        this.path = path;
    }

    void check(Container container) {
        for (int i = 0; i < container.envFrom().size(); i++) {
            all(path + ".envFrom[" + i + "]", container.envFrom().get(i));
        }
        for (int i = 0; i < container.env().size(); i++) {
            one(path + ".env[" + i + "]", container.env().get(i));
        }
    }

    private void all(String at, EnvFromSource from) {
        rules.optional(at + ".prefix", from.prefix(), Formats::envName);
        rules.one(at, "configMapRef, secretRef", from.configMapRef(), from.secretRef());
        if (from.configMapRef() != null) {
            rules.required(at + ".configMapRef.name", from.configMapRef().name(), Formats::subdomain);
        }
        if (from.secretRef() != null) {
            rules.required(at + ".secretRef.name", from.secretRef().name(), Formats::subdomain);
        }
    }

    private void one(String at, EnvVar env) {
        rules.required(at + ".name", env.name(), Formats::envName);
        EnvVar.EnvVarSource from = env.valueFrom();
        if (from == null) {
            return;
        }
        rules.must(env.value() == null || env.value().isEmpty(), at + ".valueFrom", "must not stand beside a value");
        rules.one(at + ".valueFrom", "fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef", from.fieldRef(),
                from.resourceFieldRef(), from.configMapKeyRef(), from.secretKeyRef());
        field(rules, at + ".valueFrom.fieldRef", from.fieldRef(), IN_ENV);
        resource(rules, at + ".valueFrom.resourceFieldRef", from.resourceFieldRef());
        key(at + ".valueFrom.configMapKeyRef", from.configMapKeyRef());
        key(at + ".valueFrom.secretKeyRef", from.secretKeyRef());
    }

    private void key(String at, EnvVar.@Nullable KeyRef ref) {
        if (ref != null) {
            rules.required(at + ".name", ref.name(), Formats::subdomain);
            rules.required(at + ".key", ref.key(), Formats::dataKey);
        }
    }

    static void inVolume(Rules rules, String at, EnvVar.@Nullable FieldRef field) {
        field(rules, at, field, IN_VOLUMES);
    }

    private static void field(Rules rules, String at, EnvVar.@Nullable FieldRef field, Set<String> known) {
        if (field != null) {
            rules.must(field.apiVersion() == null || field.apiVersion().equals("v1"), at + ".apiVersion",
                    "expected v1, found '" + field.apiVersion() + "'");
            rules.required(at + ".fieldPath", field.fieldPath(), p -> fieldPath(p, known));
        }
    }

    private static @Nullable String fieldPath(String fieldPath, Set<String> known) {
        var subscript = SUBSCRIPT.matcher(fieldPath);
        if (subscript.matches()) {
            return Formats.key(subscript.group(2));
        }
        return known.contains(fieldPath) ? null
                : "expected one of " + String.join(", ", new TreeSet<>(known))
                        + ", metadata.labels['KEY'], metadata.annotations['KEY']; found '" + Tree.brief(fieldPath)
                        + "'" + Nearest.hint(fieldPath, known);
    }

    static void resource(Rules rules, String at, EnvVar.@Nullable ResourceFieldRef ref) {
        if (ref == null) {
            return;
        }
        rules.required(at + ".resource", ref.resource(), r -> RESOURCES.contains(r) ? null
                : "expected one of " + String.join(", ", new TreeSet<>(RESOURCES)) + "; found '" + Tree.brief(r) + "'"
                        + Nearest.hint(r, RESOURCES));
        List<BigDecimal> divisors = ref.resource().endsWith(".cpu") ? OF_CPU : OF_BYTES;
        rules.must(ref.divisor() == null || divisors.stream().anyMatch(d -> d.compareTo(ref.divisor().amount()) == 0),
                at + ".divisor", ref.resource().endsWith(".cpu") ? "must be 1 or 1m"
                        : "must be 1 of a unit, such as 1, 1k or 1Mi");
    }

    private static List<BigDecimal> divisors(String... texts) {
        return Stream.of(texts).map(text -> new Quantity(text).amount()).toList();
    }
}

package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestConfig.allOf;
import static io.holdfast.reconciler.TestConfig.allOfSecret;
import static io.holdfast.reconciler.TestConfig.configMap;
import static io.holdfast.reconciler.TestConfig.mapKey;
import static io.holdfast.reconciler.TestConfig.objects;
import static io.holdfast.reconciler.TestConfig.secret;
import static io.holdfast.reconciler.TestConfig.secretKey;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.pod.Pod;
import io.holdfast.reconciler.TestPods.ContainerDraft;
import io.holdfast.runtime.ContainerSpec.Env;
import io.holdfast.source.ConfigObject;

class EnvironmentTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', value = {"$(A) | 1", "x$(A)y$(B) | x1y2 2", "$$(A) | $(A)", "$$$(A) | $1", "$$ | $", "$A | $A",
            "$(NOBODY) | $(NOBODY)", "$( | $(", "$(A | $(A", "$() | $()", "$(D) | $1\\2", "a$ | a$", "$(A$(A)) | $(A$(A))"})
    void expandsReferences(String text, String expanded) throws IOException {
        Environment environment = environment(app().env("A", "1").env("B", "2 2").env("D", "$1\\2"));
        assertThat(environment.expand(List.of(text))).containsExactly(expanded);
    }

    @Test
    void aVariableMayReferToThoseBeforeIt() throws IOException {
        assertThat(environment(app().env("A", "$(B)").env("B", "b").env("C", "$(B)$(A)")).list())
                .containsExactly(new Env("A", "$(B)"), new Env("B", "b"), new Env("C", "b$(B)"));
    }

    @Test
    void aVariableSetAgainKeepsItsPlaceAndSeesItsOldValue() throws IOException {
        assertThat(environment(app().env("P", "/bin").env("X", "x").env("P", "$(P):/opt")).list())
                .containsExactly(new Env("P", "/bin:/opt"), new Env("X", "x"));
    }

    @Test
    void valuesAreNotExpandedTwice() throws IOException {
        assertThat(environment(app().env("A", "$$(B)").env("B", "b").env("C", "$(A)")).list())
                .contains(new Env("C", "$(B)"));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', value = {"metadata.name | web-n", "metadata.namespace | default", "metadata.uid | v1",
            "metadata.labels['app'] | web", "metadata.annotations['example.com/a.b'] | yes", "metadata.labels['none'] | ''",
            "spec.nodeName | n", "spec.serviceAccountName | ''", "status.hostIP | 192.0.2.1", "status.hostIPs | 192.0.2.1",
            "status.podIP | 10.0.0.1", "status.podIPs | 10.0.0.1,fd00::1"})
    void readsFields(String path, String value) throws IOException {
        assertThat(environment(app().field("F", path)).list()).containsExactly(new Env("F", value));
    }

    @Test
    void fieldValuesAreTakenAsTheyAre() throws IOException {
        Environment environment = new Environment(app().env("A", "a").field("F", "metadata.labels['app']").made(),
                new PodFields(pod("web-n").label("app", "$(A)").made(), node(), List.of()), objects());
        assertThat(environment.list()).contains(new Env("F", "$(A)"));
    }

    @Test
    void withoutAnAddressTheFieldIsEmpty() throws IOException {
        Environment environment = new Environment(app().field("F", "status.podIP").made(),
                new PodFields(pod("web-n").made(), node(), List.of()), objects());
        assertThat(environment.list()).containsExactly(new Env("F", ""));
    }

    @Test
    void aFieldThatTheReaderShouldHaveRefusedIsAFault() {
        assertThatThrownBy(() -> environment(app().field("F", "status.phase"))).hasMessageContaining("status.phase");
    }

    @Test
    void keysOfObjectsAreVariables() throws IOException {
        ConfigObjects objects = objects(configMap("web", "COLOUR", "blue", "size", "1"), secret("tls", "KEY", "k3y"));
        assertThat(environment(app().env("C", mapKey("web", "COLOUR")).env("K", secretKey("tls", "KEY")), objects).list())
                .containsExactly(new Env("C", "blue"), new Env("K", "k3y"));
        assertThat(environment(app().envFrom(allOf(null, "web")).envFrom(allOfSecret("TLS_", "tls")), objects).list())
                .containsExactlyInAnyOrder(new Env("COLOUR", "blue"), new Env("size", "1"), new Env("TLS_KEY", "k3y"));
    }

    @Test
    void laterObjectsWinOverEarlierOnesAndVariablesOverObjects() throws IOException {
        ConfigObjects objects = objects(configMap("one", "A", "1", "B", "1", "C", "1"), configMap("two", "B", "2", "C", "2"));
        assertThat(environment(app().env("C", "3").envFrom(allOf(null, "one")).envFrom(allOf(null, "two")), objects).list())
                .containsExactlyInAnyOrder(new Env("A", "1"), new Env("B", "2"), new Env("C", "3"));
    }

    @Test
    void referencesSeeWhatStandsBeforeThem() throws IOException {
        ConfigObjects objects = objects(configMap("web", "HOST", "h", "RAW", "$(HOST)"));
        assertThat(environment(app().envFrom(allOf("P_", "web")).env("EARLY", "$(LATE)").env("URL", "http://$(P_HOST)")
                .env("LATE", mapKey("web", "RAW")).env("END", "$(LATE)"), objects).list())
                .as("values of objects are taken as they are")
                .contains(new Env("EARLY", "$(LATE)"), new Env("URL", "http://h"), new Env("P_RAW", "$(HOST)"),
                        new Env("LATE", "$(HOST)"), new Env("END", "$(HOST)"));
    }

    @Test
    void everyKeyCanBeAVariableAndNoBinaryDataIsOne() throws IOException {
        ConfigObject web = configMap("web", "1st", "a", "good.one", "c");
        Map<String, ConfigObject.Value> data = new HashMap<>(web.data());
        data.put("raw", ConfigObject.Value.binary(new byte[] {0, 1}));
        ConfigObjects objects = objects(new ConfigObject(web.key(), "", data, web.source(), web.origin()));
        assertThat(environment(app().envFrom(allOf(null, "web")).envFrom(allOf("X ", "web")), objects).list()).containsExactly(
                new Env("1st", "a"), new Env("good.one", "c"), new Env("X 1st", "a"), new Env("X good.one", "c"));
        assertUnresolved(app().env("V", mapKey("web", "raw")), objects, "couldn't find key raw in ConfigMap default/web");
    }

    @Test
    void whatIsMissingIsNamedAsTheKubeletDoes() {
        ConfigObjects objects = objects(configMap("web", "a", "1"), secret("tls", "a", "1"));
        assertUnresolved(app().env("V", mapKey("none", "a")), objects, "configmap \"none\" not found");
        assertUnresolved(app().env("V", secretKey("none", "a")), objects, "secret \"none\" not found");
        assertUnresolved(app().env("V", mapKey("web", "b")), objects, "couldn't find key b in ConfigMap default/web");
        assertUnresolved(app().env("V", secretKey("tls", "b")), objects, "couldn't find key b in Secret default/tls");
        assertUnresolved(app().envFrom(allOf(null, "none")), objects, "configmap \"none\" not found");
        assertUnresolved(app().envFrom(allOfSecret(null, "none")), objects, "secret \"none\" not found");
    }

    @Test
    void objectsOfOtherNamespacesAreNotThere() {
        ConfigObject other = new ConfigObject(new ConfigObject.Key(ConfigObject.Kind.ConfigMap, "other", "web"), "",
                Map.of("a", ConfigObject.Value.of("1")), "file~test", "x.yaml");
        assertUnresolved(app().env("V", mapKey("web", "a")), objects(other), "configmap \"web\" not found");
    }

    @Test
    void whatIsOptionalMayBeMissing() throws IOException {
        assertThat(environment(app().env("A", "before").env("A", TestConfig.optional(mapKey("none", "a")))
                .env("B", TestConfig.optional(secretKey("tls", "none"))).envFrom(TestConfig.optional(allOf(null, "none"))),
                objects(secret("tls", "KEY", "k3y"))).list()).as("nor is it there as an empty one")
                .containsExactly(new Env("A", "before"));
    }

    @ParameterizedTest(name = "{0} in {1} is {2}")
    @CsvSource({"limits.cpu,,2", "limits.cpu,1m,1500", "requests.cpu,,1", "requests.cpu,1m,250", "limits.memory,,67108864",
            "limits.memory,1Mi,64", "limits.memory,1M,68", "limits.memory,1Gi,1", "requests.memory,1Ki,65536",
            "requests.ephemeral-storage,,0"})
    void readsResourcesRoundedUp(String resource, String divisor, String value) throws IOException {
        ContainerDraft container = app().limit("cpu", "1500m").request("cpu", "250m").limit("memory", "64Mi");
        assertThat(environment(container.env("R", TestConfig.resource(resource, divisor))).list())
                .containsExactly(new Env("R", value));
    }

    @Test
    void aMissingLimitIsWhatTheNodeHas() throws IOException {
        List<Env> list = environment(app().env("CPUS", TestConfig.resource("limits.cpu", null))
                .env("KI", TestConfig.resource("limits.memory", "1Ki"))
                .env("DISK", TestConfig.resource("limits.ephemeral-storage", null))
                .env("CPU", TestConfig.resource("requests.cpu", null))).list();
        assertThat(list).contains(new Env("CPU", "0"));
        assertThat(Files.readString(Path.of("/proc/meminfo"))).containsPattern("MemTotal: +" + list.get(1).value() + " kB");
        assertThat(Files.readString(Path.of("/proc/cpuinfo")).lines().filter(line -> line.startsWith("processor")))
                .hasSize(Integer.parseInt(list.get(0).value()));
        assertThat(list.get(2).value()).isEqualTo(Long.toString(Files.getFileStore(Path.of("/")).getTotalSpace()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"0;1", "0-3;4", "0-1,4,6-7;5"})
    void countsCpus(String ranges, int count) {
        assertThat(Capacity.cpus(ranges)).isEqualTo(count);
    }

    @Test
    void noValueShowsByAccident() throws IOException {
        Environment environment = environment(app().env("K", secretKey("tls", "KEY")), objects(secret("tls", "KEY", "k3y")));
        assertThat(environment.list().toString()).contains("K").doesNotContain("k3y");
    }

    private static void assertUnresolved(ContainerDraft container, ConfigObjects objects, String message) {
        assertThatThrownBy(() -> environment(container, objects)).isInstanceOf(Unresolved.class).hasMessage(message);
    }

    private static Environment environment(ContainerDraft container) throws IOException {
        return environment(container, objects());
    }

    private static Environment environment(ContainerDraft container, ConfigObjects objects) throws IOException {
        Pod pod = pod("web-n").label("app", "web").annotation("example.com/a.b", "yes").made();
        return new Environment(container.made(), new PodFields(pod, node(), List.of("10.0.0.1", "fd00::1")), objects);
    }

    private static TestPods.TestNode node() {
        return new TestPods.TestNode("n", "192.0.2.1", Path.of("/"), Path.of("/nowhere"));
    }
}

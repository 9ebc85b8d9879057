package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.holdfast.pod.PodSecurityContext;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.SecurityContext;
import io.holdfast.pod.SecurityContext.Profile;
import io.holdfast.pod.SecurityContext.SeLinuxOptions;
import io.holdfast.reconciler.ConfinedPods.OfContainer;
import io.holdfast.reconciler.ConfinedPods.OfPod;
import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.Security;
import io.holdfast.runtime.Security.SeLinux;

/** What two securityContexts mean together. */
class ConfinementTest {

    private static final Profile DEFAULT = new Profile("RuntimeDefault", null);
    private static final Profile UNCONFINED = new Profile("Unconfined", null);

    private static Profile localhost(String name) {
        return new Profile("Localhost", name);
    }

    private static Security of(@Nullable PodSecurityContext pod, @Nullable SecurityContext container) {
        var made = ConfinedPods.container(container, null);
        return Confinement.of(ConfinedPods.spec(pod, false, false, made), made, Policy.DEFAULT);
    }

    @Test
    void withoutASecurityContextNothingIsAskedFor() {
        assertThat(of(null, null)).isEqualTo(Security.DEFAULT);
        assertThat(of(ConfinedPods.NO_POD, ConfinedPods.NONE)).isEqualTo(Security.DEFAULT);
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                row("the pod's user and group", new OfPod().user(7, 8), new OfContainer(), s -> List.of(s.uid(), s.gid()),
                        List.of(7L, 8L)),
                row("the container's user wins, the pod's group stays", new OfPod().user(7, 8), new OfContainer().user(9),
                        s -> List.of(s.uid(), s.gid()), List.of(9L, 8L)),
                row("fsGroup and supplementalGroups are groups, each once", new OfPod().groups(5L, null, 6L, 5L),
                        new OfContainer(), Security::groups, List.of(5L, 6L)),
                row("the image's groups count by default", new OfPod().groups(null, "Merge"), new OfContainer(),
                        Security::mergeImageGroups, true),
                row("and not when the policy is strict", new OfPod().groups(null, "Strict"), new OfContainer(),
                        Security::mergeImageGroups, false),
                row("escalation is allowed when that is said", new OfPod(), new OfContainer().escalation(true),
                        Security::noNewPrivileges, false),
                row("and not when that is said", new OfPod(), new OfContainer().escalation(false),
                        Security::noNewPrivileges, true),
                row("a read-only root", new OfPod(), new OfContainer().readOnly(), Security::readOnlyRoot, true),
                row("an unmasked /proc", new OfPod(), new OfContainer().procMount("Unmasked"), Security::unmaskedProc,
                        true),
                row("the default /proc", new OfPod(), new OfContainer().procMount("Default"), Security::unmaskedProc,
                        false),
                row("the privileged see all of /proc", new OfPod(), new OfContainer().privileged(), Security::unmaskedProc,
                        true),
                row("and call what they like", new OfPod().profiles(DEFAULT, DEFAULT), new OfContainer().privileged(),
                        Security::seccomp, null),
                row("capabilities are named as engines do", new OfPod(),
                        new OfContainer().capabilities(List.of("CAP_NET_ADMIN", "sys_time"), List.of("all")),
                        s -> List.of(s.addCapabilities(), s.dropCapabilities()),
                        List.of(List.of("NET_ADMIN", "SYS_TIME"), List.of("ALL"))),
                row("the pod's seccomp profile", new OfPod().profiles(DEFAULT, DEFAULT), new OfContainer(),
                        Security::seccomp, new Security.Profile.RuntimeDefault()),
                row("the container's wins", new OfPod().profiles(DEFAULT, DEFAULT),
                        new OfContainer().seccomp(localhost("web/p.json")), Security::seccomp,
                        new Security.Profile.Localhost("/var/lib/kubelet/seccomp/web/p.json")),
                row("the container's AppArmor profile is a name", new OfPod().profiles(DEFAULT, DEFAULT),
                        new OfContainer().appArmor(localhost("web")), Security::appArmor,
                        new Security.Profile.Localhost("web")),
                row("or none", new OfPod(), new OfContainer().appArmor(UNCONFINED), Security::appArmor,
                        new Security.Profile.Unconfined()),
                row("the container's SELinux label wins as a whole",
                        new OfPod().seLinux(new SeLinuxOptions("u", "r", "t", "s0")),
                        new OfContainer().seLinux(new SeLinuxOptions(null, null, null, "s0:c1")), Security::seLinux,
                        new SeLinux("", "", "", "s0:c1")));
    }

    private static Arguments row(String name, OfPod pod, OfContainer container, Function<Security, @Nullable Object> part,
            @Nullable Object expected) {
        return Arguments.of(name, pod.made(), container.made(), part, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void means(String name, PodSecurityContext pod, SecurityContext container, Function<Security, @Nullable Object> part,
            @Nullable Object expected) {
        assertThat(part.apply(of(pod, container))).as(name).isEqualTo(expected);
    }

    static Stream<Arguments> users() {
        String of = " (pod: \"web_default(v1)\", container: app)";
        return Stream.of(Arguments.of("not asked for", new OfPod(), new OfContainer(), "", ""),
                Arguments.of("not, says the container", new OfPod().nonRoot(true), new OfContainer().nonRoot(false), "", ""),
                Arguments.of("a user that is said", new OfPod().nonRoot(true).user(7, 8), new OfContainer(), "", ""),
                Arguments.of("root is said", new OfPod().nonRoot(true), new OfContainer().user(0), "65534",
                        "container's runAsUser breaks non-root policy" + of),
                Arguments.of("the image's number", new OfPod().nonRoot(true), new OfContainer(), "65534", ""),
                Arguments.of("the image's number and group", new OfPod(), new OfContainer().nonRoot(true), "65534:0", ""),
                Arguments.of("the image's root", new OfPod(), new OfContainer().nonRoot(true), "0",
                        "container has runAsNonRoot and image will run as root" + of),
                Arguments.of("an image that says nothing", new OfPod(), new OfContainer().nonRoot(true), "",
                        "container has runAsNonRoot and image will run as root" + of),
                Arguments.of("an image's name", new OfPod(), new OfContainer().nonRoot(true), "app:staff",
                        "container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root"
                                + of));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("users")
    void runAsNonRootIsCheckedAsTheKubeletDoes(String name, OfPod pod, OfContainer security, String user, String problem) {
        var container = ConfinedPods.container(security.made(), null);
        PodSpec spec = ConfinedPods.spec(pod.made(), false, false, container);
        assertThat(Confinement.problem(ConfinedPods.pod(spec), container, new Image("i", "i", user, 1), Policy.DEFAULT)
                .orElse("")).as(name).isEqualTo(problem);
    }

    @Test
    void aSeccompProfileIsBelowItsDirectory() {
        Policy policy = new Policy(Path.of("/etc/seccomp"), List.of(), Optional.empty());
        for (String outside : List.of("../../etc/shadow", "/etc/shadow")) {
            var container = ConfinedPods.container(new OfContainer().seccomp(localhost(outside)).made(), null);
            PodSpec spec = ConfinedPods.spec(null, false, false, container);
            assertThat(Confinement.problem(ConfinedPods.pod(spec), container, new Image("i", "i", "", 1), policy))
                    .hasValueSatisfying(why -> assertThat(why).endsWith("/shadow is not below /etc/seccomp"));
        }
        var inside = ConfinedPods.container(new OfContainer().seccomp(localhost("a/b.json")).made(), null);
        assertThat(Confinement.problem(ConfinedPods.pod(ConfinedPods.spec(null, false, false, inside)), inside,
                new Image("i", "i", "", 1), policy)).isEqualTo(Optional.empty());
    }
}

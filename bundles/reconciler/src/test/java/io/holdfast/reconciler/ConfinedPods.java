package io.holdfast.reconciler;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Lifecycle;
import io.holdfast.pod.Pod;
import io.holdfast.pod.PodSecurityContext;
import io.holdfast.pod.PodSecurityContext.Sysctl;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.SecurityContext;
import io.holdfast.pod.SecurityContext.Capabilities;
import io.holdfast.pod.SecurityContext.Profile;
import io.holdfast.pod.SecurityContext.SeLinuxOptions;
import io.holdfast.source.DesiredPod;

/** Pods with securityContexts, in few words. */
@SuppressWarnings("NullAway") // that some components may be null is not seen across jars
final class ConfinedPods {

    static final PodSecurityContext NO_POD = new OfPod().made();
    static final SecurityContext NONE = new OfContainer().made();

    private ConfinedPods() {
    }

    static Container container(@Nullable SecurityContext security, @Nullable String stopSignal) {
        Container c = TestPods.app("serve").made();
        return new Container(c.name(), c.image(), c.command(), c.args(), null, List.of(), List.of(), List.of(),
                c.resources(), List.of(), null, null, null,
                stopSignal == null ? null : new Lifecycle(null, null, stopSignal), c.terminationMessagePath(),
                c.terminationMessagePolicy(), c.imagePullPolicy(), security, false, false, false, null);
    }

    static PodSpec spec(@Nullable PodSecurityContext security, boolean hostNetwork, boolean hostIpc, Container... all) {
        PodSpec s = TestPods.pod("web").made().spec();
        return new PodSpec(List.of(all), List.of(), List.of(), s.restartPolicy(), 30, null, s.dnsPolicy(), null,
                hostNetwork, false, hostIpc, false, null, null, false, List.of(), security, List.of(), Map.of(), null,
                null, null, null, null, List.of(), null);
    }

    static Pod pod(PodSpec spec) {
        return new Pod(TestPods.pod("web").made().metadata(), spec);
    }

    static DesiredPod desired(PodSpec spec) {
        return new DesiredPod(pod(spec), "{}", TestPods.SOURCE, "web.yaml", TestPods.NOW, null, null, List.of());
    }

    static final class OfPod {

        private @Nullable Long user;
        private @Nullable Long group;
        private @Nullable Boolean nonRoot;
        private List<Long> groups = List.of();
        private @Nullable String policy;
        private @Nullable Long fsGroup;
        private List<Sysctl> sysctls = List.of();
        private @Nullable Profile seccomp;
        private @Nullable Profile appArmor;
        private @Nullable SeLinuxOptions seLinux;

        OfPod user(long uid, long gid) {
            user = uid;
            group = gid;
            return this;
        }

        OfPod nonRoot(boolean wanted) {
            nonRoot = wanted;
            return this;
        }

        OfPod groups(@Nullable Long fsGroup, @Nullable String policy, Long... groups) {
            this.fsGroup = fsGroup;
            this.policy = policy;
            this.groups = List.of(groups);
            return this;
        }

        OfPod sysctl(String name, String value) {
            sysctls = List.of(new Sysctl(name, value));
            return this;
        }

        OfPod profiles(Profile seccomp, Profile appArmor) {
            this.seccomp = seccomp;
            this.appArmor = appArmor;
            return this;
        }

        OfPod seLinux(SeLinuxOptions options) {
            seLinux = options;
            return this;
        }

        PodSecurityContext made() {
            return new PodSecurityContext(seLinux, user, group, nonRoot, groups, policy, fsGroup, null, sysctls, seccomp,
                    appArmor);
        }
    }

    static final class OfContainer {

        private @Nullable Long user;
        private @Nullable Boolean nonRoot;
        private @Nullable Boolean privileged;
        private @Nullable Boolean escalation;
        private @Nullable Boolean readOnly;
        private @Nullable String procMount;
        private @Nullable Capabilities capabilities;
        private @Nullable Profile seccomp;
        private @Nullable Profile appArmor;
        private @Nullable SeLinuxOptions seLinux;

        OfContainer user(long uid) {
            user = uid;
            return this;
        }

        OfContainer nonRoot(boolean wanted) {
            nonRoot = wanted;
            return this;
        }

        OfContainer privileged() {
            privileged = true;
            return this;
        }

        OfContainer escalation(boolean allowed) {
            escalation = allowed;
            return this;
        }

        OfContainer readOnly() {
            readOnly = true;
            return this;
        }

        OfContainer procMount(String type) {
            procMount = type;
            return this;
        }

        OfContainer capabilities(List<String> add, List<String> drop) {
            capabilities = new Capabilities(add, drop);
            return this;
        }

        OfContainer seccomp(Profile profile) {
            seccomp = profile;
            return this;
        }

        OfContainer appArmor(Profile profile) {
            appArmor = profile;
            return this;
        }

        OfContainer seLinux(SeLinuxOptions options) {
            seLinux = options;
            return this;
        }

        SecurityContext made() {
            return new SecurityContext(capabilities, privileged, seLinux, user, null, nonRoot, readOnly, escalation,
                    procMount, seccomp, appArmor);
        }
    }
}

package io.holdfast.runtime.cri;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.holdfast.runtime.RuntimeInfo.Cgroups;
import io.holdfast.runtime.cri.wire.CgroupDriver;
import io.holdfast.runtime.cri.wire.RuntimeConfigRequest;
import io.holdfast.runtime.cri.wire.RuntimeConfigResponse;
import io.holdfast.runtime.cri.wire.RuntimeServiceGrpc;
import io.holdfast.runtime.cri.wire.StatusResponse;

/**
 * Finds out what makes the engine's cgroups. Newer engines say it; containerd before 2.0 has it only in the configuration
 * that it tells as JSON, once for each runtime handler.
 */
final class CgroupDrivers {

    static final String CONFIG = "config";
    private static final Pattern SYSTEMD = Pattern.compile("\"SystemdCgroup\"\\s*:\\s*(true|false)");

    private CgroupDrivers() {
    }

    /** @param status a verbose one */
    static Cgroups of(Connection engine, StatusResponse status) throws InterruptedException {
        return engine.begin(RuntimeServiceGrpc.getRuntimeConfigMethod(), RuntimeConfigRequest.getDefaultInstance(),
                Looks.LIMIT).unless(Errors::isUnimplemented).filter(RuntimeConfigResponse::hasLinux)
                .map(c -> of(c.getLinux().getCgroupDriver()))
                .orElseGet(() -> ofConfig(status.getInfoOrDefault(CONFIG, "")));
    }

    private static Cgroups of(CgroupDriver driver) {
        return switch (driver) {
            case SYSTEMD -> Cgroups.Systemd;
            case CGROUPFS -> Cgroups.Cgroupfs;
            case UNRECOGNIZED -> Cgroups.Unknown;
        };
    }

    /** Handlers that differ leave it open: a pod's parent group is named in one way only. */
    static Cgroups ofConfig(String json) {
        if (!json.contains("\"containerd\"")) {
            return Cgroups.Unknown;
        }
        Set<String> said = SYSTEMD.matcher(json).results().map(m -> m.group(1)).collect(Collectors.toSet());
        return said.size() > 1 ? Cgroups.Unknown : said.contains("true") ? Cgroups.Systemd : Cgroups.Cgroupfs;
    }
}

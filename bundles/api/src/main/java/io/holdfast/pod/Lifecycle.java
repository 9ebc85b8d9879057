package io.holdfast.pod;

import org.jspecify.annotations.Nullable;

public record Lifecycle(@Nullable Hook postStart, @Nullable Hook preStop, @Nullable String stopSignal) {

    /** Exactly one is present. */
    public record Hook(Handler.@Nullable Exec exec, Handler.@Nullable HttpGet httpGet,
            Handler.@Nullable TcpSocket tcpSocket, Handler.@Nullable Sleep sleep) {
    }
}

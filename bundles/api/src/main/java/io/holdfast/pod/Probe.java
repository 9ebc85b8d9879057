package io.holdfast.pod;

import org.jspecify.annotations.Nullable;

/** Times are in seconds; exactly one handler is present. */
public record Probe(Handler.@Nullable Exec exec, Handler.@Nullable HttpGet httpGet,
        Handler.@Nullable TcpSocket tcpSocket, Handler.@Nullable Grpc grpc, int initialDelaySeconds,
        int timeoutSeconds, int periodSeconds, int successThreshold, int failureThreshold,
        @Nullable Long terminationGracePeriodSeconds) {
}

package io.holdfast.source.http;

import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

/** Why there was no answer, for a person. What a server sent is never repeated: it may be what was sent to it. */
final class Reasons {

    private Reasons() {
    }

    /** The innermost cause that says something to a person. */
    static String of(Throwable e) {
        return Stream.iterate(e, t -> t != null, Throwable::getCause).flatMap(t -> known(t).stream())
                .reduce((_, inner) -> inner).orElse("no answer: " + e.getClass().getSimpleName());
    }

    private static Optional<String> known(Throwable e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        return switch (e) {
            case UnresolvedAddressException _ -> Optional.of("the name of the host cannot be resolved");
            case CertificateExpiredException _ -> Optional.of("the server's certificate has expired: " + message);
            case CertificateNotYetValidException _ ->
                Optional.of("the server's certificate is not valid yet, or this node's clock is wrong: " + message);
            case CertPathBuilderException _, CertPathValidatorException _ -> Optional.of(
                    "the server's certificate is not from an authority that is trusted here; "
                            + "set ca to a PEM file of its authority");
            case CertificateException _ when message.startsWith("No ") ->
                Optional.of("the server's certificate is for another host: " + message);
            case SSLException _ when message.contains("Received fatal alert") -> Optional.of("the server refused the "
                    + "connection (" + message + "); see client.cert and client.key");
            case SSLException _ -> Optional.of("TLS failed: " + message);
            case ConnectException _ -> Optional.of("cannot connect" + (message.isEmpty() ? "" : ": " + message));
            case ProtocolException _ -> Optional.of("the answer is not HTTP");
            case SocketException _ -> Optional.of("the connection broke: " + message);
            default -> ofClient(message);
        };
    }

    /** The JDK's client has no types for these. */
    private static Optional<String> ofClient(String message) {
        if (message.startsWith("body exceeds capacity")) {
            return Optional.of(Body.TOO_LARGE);
        }
        if (message.startsWith("fixed content-length") || message.startsWith("chunked transfer encoding")) {
            return Optional.of("the answer was cut short: the connection ended before it was complete");
        }
        if (message.equals("invalid content")) { // a transfer encoding that it does not know
            return Optional.of(Body.OF_UNKNOWN_LENGTH);
        }
        return message.startsWith("HTTP/1.1 header parser received no bytes")
                ? Optional.of("the server closed the connection without an answer")
                : Optional.empty();
    }
}

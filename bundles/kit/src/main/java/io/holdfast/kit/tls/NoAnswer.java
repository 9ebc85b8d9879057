package io.holdfast.kit.tls;

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
import java.util.function.Function;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

/**
 * Why there was no answer, for a person. What a server sent is never repeated: it may be what was sent to it.
 *
 * @param ifUntrusted what to do when nobody knows who vouches for the server
 * @param ifRefused what to look at when the server does not want to talk to us
 * @param ifBroken what to look at when a connection breaks, or empty: by TLS 1.3 a server refuses a certificate when its
 *        client already sends, and what it says may be lost with the connection
 */
public record NoAnswer(String ifUntrusted, String ifRefused, String ifBroken) {

    /**
     * The innermost cause that says something to a person.
     *
     * @param more tells what only the caller knows, by the message of a cause
     */
    public String reason(Throwable e, Function<String, Optional<String>> more) {
        return Stream.iterate(e, t -> t != null, Throwable::getCause).flatMap(t -> known(t, more).stream())
                .reduce((_, inner) -> inner).orElse("no answer: " + e.getClass().getSimpleName());
    }

    private Optional<String> known(Throwable e, Function<String, Optional<String>> more) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        return switch (e) {
            case UnresolvedAddressException _ -> Optional.of("the name of the host cannot be resolved");
            case CertificateExpiredException _ -> Optional.of("the server's certificate has expired: " + message);
            case CertificateNotYetValidException _ ->
                Optional.of("the server's certificate is not valid yet, or this node's clock is wrong: " + message);
            case CertPathBuilderException _, CertPathValidatorException _ -> Optional.of(
                    "the server's certificate is not from an authority that is trusted here; " + ifUntrusted);
            case CertificateException _ when message.startsWith("No ") ->
                Optional.of("the server's certificate is for another host: " + message);
            case SSLException _ when message.contains("Received fatal alert") ->
                Optional.of("the server refused the connection (" + message + "); " + ifRefused);
            case SSLException _ -> Optional.of("TLS failed: " + message);
            case ConnectException _ -> Optional.of("cannot connect" + (message.isEmpty() ? "" : ": " + message));
            case ProtocolException _ -> Optional.of("the answer is not HTTP");
            case SocketException _ -> Optional.of("the connection broke: " + message
                    + (ifBroken.isEmpty() ? "" : "; " + ifBroken));
            default -> more.apply(message).or(() -> ofClient(message));
        };
    }

    /** The JDK's client has no types for these. */
    private static Optional<String> ofClient(String message) {
        if (message.startsWith("fixed content-length") || message.startsWith("chunked transfer encoding")) {
            return Optional.of("the answer was cut short: the connection ended before it was complete");
        }
        return message.startsWith("HTTP/1.1 header parser received no bytes")
                ? Optional.of("the server closed the connection without an answer")
                : Optional.empty();
    }
}

package io.holdfast.source.git;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Objects;

import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/** The token, for the configured server and no other that it may redirect to. */
final class Token extends CredentialsProvider {

    private final URIish server;
    private final String username;
    private final String token;

    private Token(URIish server, String username, String token) {
        this.server = server;
        this.username = username;
        this.token = token;
    }

    /** Reads the file, which others may renew at any time. */
    static CredentialsProvider read(Settings settings) throws IOException {
        var file = settings.tokenFile().orElseThrow();
        try {
            return new Token(settings.repository(), settings.username(), Files.readString(file).strip());
        } catch (IOException e) {
            throw new IOException("cannot read 'token.file' " + file + ": " + Trouble.of(e)
                    + "; the pods stay as they are", e);
        }
    }

    @Override
    public boolean isInteractive() {
        return false;
    }

    @Override
    public boolean supports(CredentialItem... items) {
        for (CredentialItem item : items) {
            if (!(item instanceof CredentialItem.Username) && !(item instanceof CredentialItem.Password)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean get(URIish uri, CredentialItem... items) {
        if (!isServer(uri)) {
            return false;
        }
        for (CredentialItem item : items) {
            switch (item) {
                case CredentialItem.Username user -> user.setValue(username);
                case CredentialItem.Password password -> password.setValue(token.toCharArray());
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isServer(URIish uri) {
        return Objects.equals(uri.getScheme(), server.getScheme()) && Objects.equals(uri.getHost(), server.getHost())
                && uri.getPort() == server.getPort();
    }
}

package io.holdfast.source.git;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

import io.holdfast.source.ManifestSource;

/**
 * A configuration that was checked.
 *
 * @param folder without slashes at its ends; empty is the top
 * @param branch empty is the one of HEAD
 */
record Settings(URIish repository, String folder, String branch, Duration period, Duration timeout,
        Optional<Path> tokenFile, String username) {

    private static final Set<String> SCHEMES = Set.of("https", "http", "git", "file");
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    static Settings of(GitSource.Config config, Map<String, ?> properties) {
        String name = "io.holdfast.source." + ManifestSource.nameOf(properties);
        require(config.period() > 0, name, "period", "seconds, 1 or more");
        require(config.timeout() > 0, name, "timeout", "seconds, 1 or more");
        URIish repository = repository(config.repository(), name);
        Optional<Path> tokenFile = Optional.of(config.token_file().strip()).filter(f -> !f.isEmpty()).map(Path::of);
        require(tokenFile.isEmpty() || isSafe(repository), name, "repository",
                "an https URL when there is a 'token.file', so that nobody on the way can read the token");
        return new Settings(repository, config.folder().strip().replaceAll("^/+|/+$", ""), config.branch().strip(),
                Duration.ofSeconds(config.period()), Duration.ofSeconds(config.timeout()), tokenFile,
                config.username().strip());
    }

    private static URIish repository(@Nullable String text, String name) {
        String expected = "an absolute path, or a URL that begins with https, http, git or file";
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException(name + ": 'repository' must be " + expected);
        }
        try {
            URIish uri = new URIish(text.strip());
            boolean isPath = uri.getScheme() == null && uri.getHost() == null && text.strip().startsWith("/");
            require(isPath || SCHEMES.contains(String.valueOf(uri.getScheme())), name, "repository", expected);
            require(uri.getPass() == null, name, "repository", "without a password, which belongs into 'token.file'");
            return uri;
        } catch (URISyntaxException e) { // its message has the text, which may have a password
            throw new IllegalArgumentException(name + ": 'repository' must be " + expected);
        }
    }

    private static boolean isSafe(URIish uri) {
        return "https".equals(uri.getScheme()) || THIS_MACHINE.contains(String.valueOf(uri.getHost()));
    }

    private static void require(boolean good, String name, String key, String expected) {
        if (!good) {
            throw new IllegalArgumentException(name + ": '" + key + "' must be " + expected);
        }
    }
}

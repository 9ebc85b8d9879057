package io.holdfast.source.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A URL to read.
 *
 * @param origin what people see of it: never the query, where presigned URLs have their secret
 */
record Target(URI url, String origin) {

    /** @throws IllegalArgumentException with what was expected; a URL is named by its number, since it may hold a secret */
    static List<Target> all(List<String> urls) {
        List<Target> targets = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (String text : urls) {
            URI url = parse(text, "'url' number " + (targets.size() + 1) + " of " + urls.size());
            if (targets.stream().anyMatch(t -> t.url().equals(url))) {
                throw new IllegalArgumentException("'url' names " + shown(url) + " twice");
            }
            int nth = seen.merge(shown(url), 1, Integer::sum);
            targets.add(new Target(url, nth == 1 ? shown(url) : shown(url) + "#" + nth));
        }
        return List.copyOf(targets);
    }

    static String shown(URI url) {
        return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
    }

    /** Whether both are at the same server, as far as secrets are concerned. */
    static boolean sameServer(URI a, URI b) {
        return scheme(a).equals(scheme(b)) && a.getHost().equalsIgnoreCase(b.getHost()) && port(a) == port(b);
    }

    /** Whether this is an absolute http or https URL with a host and without a password. */
    static boolean isUsable(URI url) {
        return (scheme(url).equals("http") || scheme(url).equals("https")) && url.getHost() != null
                && url.getRawUserInfo() == null;
    }

    /** Where the detached signature is. */
    URI signature() {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return URI.create(url.getScheme() + "://" + url.getRawAuthority() + path + ".sig" + query);
    }

    private static URI parse(String text, String which) {
        try {
            URI url = new URI(text);
            if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
                throw new IllegalArgumentException(which + " must not hold a user and a password; put them into "
                        + "header.Authorization (Basic and the base64 of USER:PASSWORD), or a token into token.file");
            }
            if (!isUsable(url)) {
                throw new IllegalArgumentException(
                        which + " must be an http or https URL, such as https://example.org/pods.yaml");
            }
            return url;
        } catch (URISyntaxException e) { // not as a cause, which would be logged with all of the URL
            throw new IllegalArgumentException(which + " is not a URL: " + e.getReason().toLowerCase(Locale.ROOT)
                    + (e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1)));
        }
    }

    static String scheme(URI url) {
        return url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    }

    private static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : scheme(url).equals("https") ? 443 : 80;
    }
}

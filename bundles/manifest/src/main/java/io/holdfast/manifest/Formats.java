package io.holdfast.manifest;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** The shapes of names and addresses, as the API validation of Kubernetes has them; null is: good. */
final class Formats {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SUBDOMAIN = Pattern
            .compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern SEARCH = Pattern.compile("[a-z0-9_]([-a-z0-9_.]*[a-z0-9_])?");
    private static final Pattern QUALIFIED = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern PORT_NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern ENV_NAME = Pattern.compile("[ -<>-~]+");
    private static final Pattern DATA_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final Pattern UID = Pattern.compile("[A-Za-z0-9][-A-Za-z0-9_.]{0,62}");
    private static final Pattern IPV4 = Pattern
            .compile("(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]{2,39}(:[0-9.]{7,15})?");

    private Formats() {
    }

    static @Nullable String label(String name) {
        return name.length() <= 63 && LABEL.matcher(name).matches() ? null
                : "must be a DNS label: at most 63 lower-case letters, digits and '-', with a letter or digit at both"
                        + " ends; found '" + Tree.brief(name) + "'";
    }

    static @Nullable String subdomain(String name) {
        return name.length() <= 253 && SUBDOMAIN.matcher(name).matches() ? null
                : "must be a DNS name: at most 253 lower-case letters, digits, '-' and '.', with a letter or digit at"
                        + " both ends of each part; found '" + Tree.brief(name) + "'";
    }

    static @Nullable String search(String domain) {
        String name = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
        return domain.equals(".") || (name.length() <= 253 && SEARCH.matcher(name).matches()) ? null
                : "must be a domain; found '" + Tree.brief(domain) + "'";
    }

    /** Of labels and annotations: {@code app} or {@code example.com/app}. */
    static @Nullable String key(String key) {
        int slash = key.indexOf('/');
        String name = key.substring(slash + 1);
        boolean good = (slash < 0 || subdomain(key.substring(0, slash)) == null) && name.length() <= 63
                && QUALIFIED.matcher(name).matches();
        return good ? null
                : "the key must be a name of at most 63 letters, digits, '-', '_' and '.', with a letter or digit"
                        + " at both ends, after an optional DNS name and '/'";
    }

    static @Nullable String labelValue(String value) {
        return value.isEmpty() || (value.length() <= 63 && QUALIFIED.matcher(value).matches()) ? null
                : "must be at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends; found '"
                        + Tree.brief(value) + "'";
    }

    static @Nullable String portName(String name) {
        return name.length() <= 15 && PORT_NAME.matcher(name).matches()
                && name.chars().anyMatch(c -> c >= 'a' && c <= 'z') ? null
                        : "must be a port name: at most 15 lower-case letters, digits and single '-', with a letter;"
                                + " found '" + Tree.brief(name) + "'";
    }

    static @Nullable String port(int port) {
        return port >= 1 && port <= 65535 ? null : "must be between 1 and 65535, found " + port;
    }

    static @Nullable String envName(String name) {
        return ENV_NAME.matcher(name).matches() ? null
                : "must be printable ASCII without '='; found '" + Tree.brief(name) + "'";
    }

    /** It becomes the name of a directory. */
    static @Nullable String uid(String uid) {
        return UID.matcher(uid).matches() ? null
                : "must be at most 63 letters, digits, '-', '_' and '.', beginning with a letter or digit; found '"
                        + Tree.brief(uid) + "'";
    }

    static @Nullable String ip(String ip) {
        return isIpv4(ip) || isIpv6(ip) ? null : "must be an IP address; found '" + Tree.brief(ip) + "'";
    }

    private static boolean isIpv4(String ip) {
        return IPV4.matcher(ip).matches()
                && List.of(ip.split("\\.", -1)).stream().allMatch(n -> Integer.parseInt(n) < 256);
    }

    private static boolean isIpv6(String ip) {
        if (!ip.contains(":") || !IPV6.matcher(ip).matches()) {
            return false;
        }
        try {
            // a text with colons is never looked up
            InetAddress.ofLiteral(ip);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Of a ConfigMap or a Secret: it may become the name of a file. */
    static @Nullable String dataKey(String key) {
        return key.length() <= 253 && DATA_KEY.matcher(key).matches() && !key.equals(".") && !key.startsWith("..") ? null
                : "the key must be at most 253 letters, digits, '-', '_' and '.', not '.' and not beginning with '..'";
    }

    /** A path below something. */
    static @Nullable String inside(String path) {
        return path.startsWith("/") ? "must be a relative path; found '" + Tree.brief(path) + "'" : noBacksteps(path);
    }

    static @Nullable String noBacksteps(String path) {
        return List.of(path.split("/", -1)).contains("..") ? "must not contain '..'" : null;
    }
}

package io.holdfast.mirror;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.kit.tls.TlsMaterial;

/** Reads a kubeconfig as kubectl does, and all files that the context of it names. */
final class Kubeconfig {

    private static final List<String> UNKNOWN_WAYS = List.of("auth-provider", "username", "password", "as", "as-uid",
            "as-groups", "as-user-extra");

    private final ReadFiles files;
    private final Path file;
    private final Fields root;

    private Kubeconfig(ReadFiles files, Path file, Fields root) {
        this.files = files;
        this.file = file;
        this.root = root;
    }

    static Access read(ReadFiles files, ConnectionSettings.From.Kubeconfig from) throws FileTrouble {
        Path file = from.file();
        Object tree = parse(file, files.text("kubeconfig", file));
        if (tree == null) {
            throw new FileTrouble("kubeconfig " + file + ": it is empty");
        }
        return new Kubeconfig(files, file, Fields.of("kubeconfig " + file + ":", tree)).access(from.context());
    }

    /** Messages of the parser are not passed on as a whole: they quote the text. */
    private static Object parse(Path file, String text) throws FileTrouble {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            return new Yaml(new SafeConstructor(options)).load(text);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            throw new FileTrouble("kubeconfig " + file + ":"
                    + (mark == null ? "" : mark.getLine() + 1 + ":" + (mark.getColumn() + 1) + ":")
                    + (e instanceof DuplicateKeyException ? " a key that stands there already" : " not YAML"));
        } catch (YAMLException _) {
            throw new FileTrouble("kubeconfig " + file + ": not YAML");
        }
    }

    private Access access(Optional<String> wanted) throws FileTrouble {
        Fields context;
        if (wanted.isPresent()) {
            context = find("contexts", "context", wanted.get(), "'context' of the mirror's configuration");
        } else {
            String current = root.text("current-context").orElse("");
            if (current.isEmpty()) {
                throw root.trouble("current-context", "must be set, or 'context' in the mirror's configuration; there are "
                        + names("contexts"));
            }
            context = find("contexts", "context", current, root.path("current-context"));
        }
        Fields cluster = find("clusters", "cluster", context.required("cluster"), context.path("cluster"));
        Optional<String> user = context.text("user");
        Access.Server server = server(cluster);
        Optional<TlsMaterial.Part> ca = part(cluster, "certificate-authority");
        if (server.insecure() && ca.isPresent()) {
            throw cluster.trouble("insecure-skip-tls-verify", "must be left out when certificate-authority is set");
        }
        return user.isEmpty()
                ? new Access(server, new TlsMaterial(ca, Optional.empty(), Optional.empty()), Optional.empty(),
                        Optional.empty(), context.where())
                : user(find("users", "user", user.get(), context.path("user")), server, ca, cluster);
    }

    /** What has that name in one of the lists: the map below {@code inner}, which may be empty. */
    private Fields find(String list, String inner, String name, String saidBy) throws FileTrouble {
        for (Fields item : root.named(list)) {
            if (name.equals(item.values().get("name"))) {
                Optional<Fields> found = item.map(inner);
                return found.isPresent() ? found.get() : new Fields(item.path(inner), Map.of());
            }
        }
        throw new FileTrouble(saidBy + ": there is no '" + name + "' in " + root.path(list) + "; there are " + names(list));
    }

    private String names(String list) throws FileTrouble {
        String names = root.named(list).stream().map(item -> "'" + item.values().get("name") + "'")
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    private static Access.Server server(Fields cluster) throws FileTrouble {
        Optional<URI> url = ConnectionSettings.httpUrl(cluster.required("server"));
        Optional<String> proxy = cluster.text("proxy-url");
        return new Access.Server(
                url.orElseThrow(() -> cluster.trouble("server",
                        "must be an http or https URL without a user, such as https://10.0.0.1:6443")),
                cluster.path("certificate-authority"), cluster.flag("insecure-skip-tls-verify"),
                cluster.text("tls-server-name"),
                proxy.isEmpty() ? Optional.empty() : Optional.of(Proxies.url(cluster.path("proxy-url") + ":", proxy.get())));
    }

    private Access user(Fields user, Access.Server server, Optional<TlsMaterial.Part> ca, Fields cluster)
            throws FileTrouble {
        for (String way : UNKNOWN_WAYS) {
            if (user.has(way)) {
                throw user.trouble(way, "not supported; known are client-certificate and client-key, inline as "
                        + "client-certificate-data and client-key-data, token, tokenFile and exec");
            }
        }
        Optional<TlsMaterial.Part> certificate = part(user, "client-certificate");
        Optional<TlsMaterial.Part> key = part(user, "client-key");
        if (certificate.isPresent() != key.isPresent()) {
            throw user.trouble(key.isPresent() ? "client-certificate" : "client-key", "must be set, too");
        }
        Optional<Fields> exec = user.map("exec");
        return new Access(server, new TlsMaterial(ca, certificate, key), token(user),
                exec.isEmpty() ? Optional.empty()
                        : Optional.of(ExecPlugin.of(exec.get(), file, ClusterInfo.of(cluster, ca))),
                user.where());
    }

    /** As kubectl has it, what is in the file is what counts. */
    private Optional<String> token(Fields user) throws FileTrouble {
        Optional<String> tokenFile = user.text("tokenFile");
        return tokenFile.isEmpty() ? user.token("token")
                : Optional.of(files.token(user.path("tokenFile"), file.resolveSibling(tokenFile.get())));
    }

    /** From a file that is named relative to this one, or inline. */
    private Optional<TlsMaterial.Part> part(Fields fields, String key) throws FileTrouble {
        Optional<String> named = fields.text(key);
        Optional<String> inline = fields.decoded(key + "-data");
        if (named.isPresent() && inline.isPresent()) {
            throw fields.trouble(key, "must be left out when " + key + "-data is set");
        }
        return named.isPresent()
                ? Optional.of(files.part(fields.path(key), file.resolveSibling(named.get())))
                : inline.map(text -> new TlsMaterial.Part(fields.path(key + "-data"), Optional.empty(), text));
    }
}

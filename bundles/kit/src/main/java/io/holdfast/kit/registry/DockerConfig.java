package io.holdfast.kit.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;

import io.holdfast.runtime.PullAuth;

/**
 * What docker keeps of its logins, in {@code config.json} or, before that, {@code .dockercfg}.
 *
 * @param helpers programs that know the credentials of a registry, by its name
 * @param store the program that knows those of all others, or empty
 */
record DockerConfig(List<Entry> auths, Map<String, String> helpers, String store) {

    /** Its buffers are not kept by threads, which may outlive the bundle that this is in. */
    static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool()).build();

    record Entry(RegistryKey key, PullAuth auth) {
    }

    /** @throws IOException with what is wrong; nothing that was read is quoted */
    static DockerConfig read(byte[] json) throws IOException {
        return read(json, Parser::config);
    }

    /** The older format, which has nothing but what is in {@code auths} of the newer one. */
    static DockerConfig readOld(byte[] json) throws IOException {
        return read(json, parser -> new DockerConfig(parser.auths(), Map.of(), ""));
    }

    private interface Reader {
        DockerConfig read(Parser parser) throws IOException;
    }

    private static DockerConfig read(byte[] json, Reader reader) throws IOException {
        try (JsonParser in = JSON.createParser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("expected a JSON object");
            }
            return reader.read(new Parser(in));
        } catch (JsonProcessingException e) { // its own words quote
            throw new IOException("not JSON, see line " + e.getLocation().getLineNr());
        }
    }

    /** As the kubelet orders them: the more specific first, and those for Docker Hub by its old name only for want of others. */
    static List<PullAuth> matching(List<DockerConfig> configs, ImageName image) {
        List<Entry> all = configs.stream().flatMap(c -> c.auths.stream()).sorted(Comparator.comparing(Entry::key)).toList();
        List<PullAuth> found = all.stream().filter(e -> e.key().matches(image)).map(Entry::auth).toList();
        return !found.isEmpty() || !image.isOnHub() ? found
                : all.stream().filter(e -> e.key().isOldHub()).map(Entry::auth).toList();
    }

    /** The program to ask for this image's credentials. */
    Optional<CredentialHelper> helper(ImageName image) throws IOException {
        List<String> servers = image.isOnHub() ? CredentialHelper.HUB : List.of(image.registry());
        Optional<String> name = Stream.concat(servers.stream().map(server -> helpers.getOrDefault(server, "")), Stream.of(store))
                .filter(n -> !n.isEmpty()).findFirst();
        return name.isEmpty() ? Optional.empty() : Optional.of(CredentialHelper.named(name.get(), servers.getFirst()));
    }

    /** Stands on the first token of what it is to read; unknown fields are none of our business. */
    private record Parser(JsonParser in) {

        DockerConfig config() throws IOException {
            List<Entry> auths = List.of();
            Map<String, String> helpers = Map.of();
            String store = "";
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String field = in.currentName();
                in.nextToken();
                switch (field) {
                    case "auths" -> auths = auths();
                    case "credHelpers" -> helpers = texts("credHelpers");
                    case "credsStore" -> store = text();
                    default -> in.skipChildren();
                }
            }
            return new DockerConfig(auths, helpers, store);
        }

        List<Entry> auths() throws IOException {
            List<Entry> all = new ArrayList<>();
            if (in.currentToken() == JsonToken.VALUE_NULL) {
                return all;
            }
            expectObject("auths");
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String key = in.currentName();
                in.nextToken();
                auth(key, texts(key)).ifPresent(auth -> all.add(new Entry(RegistryKey.of(key), auth)));
            }
            return all;
        }

        /** Empty where a helper has what belongs there. */
        private static Optional<PullAuth> auth(String key, Map<String, String> fields) throws IOException {
            String both = fields.getOrDefault("auth", "");
            if (both.isEmpty()) {
                String user = fields.getOrDefault("username", "");
                return user.isEmpty() ? Optional.empty() : Optional.of(new PullAuth(user, fields.getOrDefault("password", "")));
            }
            try {
                String[] parts = new String(Base64.getDecoder().decode(both.strip()), UTF_8).replaceAll("\0+$", "").split(":", 2);
                if (parts.length == 2) {
                    return Optional.of(new PullAuth(parts[0], parts[1]));
                }
            } catch (IllegalArgumentException _) {
                // no Base64, which is said below
            }
            throw new IOException("auth of " + key + " must be user:password in Base64");
        }

        private Map<String, String> texts(String what) throws IOException {
            Map<String, String> all = new HashMap<>();
            expectObject(what);
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                in.nextToken();
                all.put(name, text());
                in.skipChildren();
            }
            return all;
        }

        private String text() throws IOException {
            return in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : "";
        }

        private void expectObject(String what) throws IOException {
            if (in.currentToken() != JsonToken.START_OBJECT) {
                throw new IOException(what + " must be an object");
            }
        }
    }
}

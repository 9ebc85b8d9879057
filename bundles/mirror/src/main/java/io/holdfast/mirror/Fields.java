package io.holdfast.mirror;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.holdfast.kit.tls.FileTrouble;

/**
 * A map in a file, which knows where it stands. What is null is not there; what nobody asks for is not looked at, as
 * kubectl does it. No message has a value in it, which may be a secret.
 *
 * @param where such as {@code /etc/admin.conf: users[admin].user}
 */
record Fields(String where, Map<?, ?> values) {

    static Fields of(String where, @Nullable Object value) throws FileTrouble {
        if (value instanceof Map<?, ?> map) {
            return new Fields(where, map);
        }
        throw new FileTrouble(where + (where.endsWith(":") ? "" : ":") + " must be a map");
    }

    Optional<String> text(String key) throws FileTrouble {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case String text -> text.isEmpty() ? Optional.empty() : Optional.of(text);
            default -> throw trouble(key, "must be a string; put it in quotes");
        };
    }

    String required(String key) throws FileTrouble {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            throw trouble(key, "must be set");
        }
        return text.get();
    }

    /** What may stand in a header. */
    Optional<String> token(String key) throws FileTrouble {
        Optional<String> token = text(key);
        if (token.isPresent() && !token.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw trouble(key, "must be a token, without white space");
        }
        return token;
    }

    /** What is there in base64, as bytes in ISO 8859-1. */
    Optional<String> decoded(String key) throws FileTrouble {
        Optional<String> text = text(key);
        try {
            return text.map(base64 -> new String(Base64.getMimeDecoder().decode(base64),
                    ISO_8859_1));
        } catch (IllegalArgumentException _) {
            throw trouble(key, "must be base64");
        }
    }

    boolean flag(String key) throws FileTrouble {
        return switch (values.get(key)) {
            case null -> false;
            case Boolean flag -> flag;
            default -> throw trouble(key, "must be true or false");
        };
    }

    Optional<Fields> map(String key) throws FileTrouble {
        return has(key) ? Optional.of(of(path(key), values.get(key))) : Optional.empty();
    }

    List<String> texts(String key) throws FileTrouble {
        List<String> all = new ArrayList<>();
        for (Object item : items(key)) {
            if (!(item instanceof String text)) {
                throw trouble(key, "must be a list of strings; put each in quotes");
            }
            all.add(text);
        }
        return List.copyOf(all);
    }

    /** Those of a list, in order; each is called by its {@code name}. */
    List<Fields> named(String key) throws FileTrouble {
        List<Fields> all = new ArrayList<>();
        for (Object item : items(key)) {
            String name = of(path(key) + "[" + all.size() + "]", item).required("name");
            all.add(of(path(key) + "[" + name + "]", item));
        }
        return all;
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    FileTrouble trouble(String key, String reason) {
        return new FileTrouble(path(key) + ": " + reason);
    }

    /** Where a field of this map stands. */
    String path(String key) {
        return where + (where.endsWith(":") ? " " : ".") + key;
    }

    private List<?> items(String key) throws FileTrouble {
        return switch (values.get(key)) {
            case null -> List.of();
            case List<?> list -> list;
            default -> throw trouble(key, "must be a list");
        };
    }

    /** No value, which may be a secret. */
    @Override
    public String toString() {
        return where;
    }
}

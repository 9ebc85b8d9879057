package io.holdfast.reconciler;

import java.util.Map;
import java.util.Optional;

import io.holdfast.pod.EnvVar.KeyRef;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;
import io.holdfast.source.ConfigObject.Value;

/** The ConfigMaps and Secrets that pods of a namespace may refer to (behaviour I4); messages are the kubelet's. */
record ConfigObjects(String namespace, Map<Key, ConfigObject> all) {

    Key key(Kind kind, String name) {
        return new Key(kind, namespace, name);
    }

    /** @return empty: it is optional, and not there */
    Optional<ConfigObject> find(Kind kind, String name, boolean optional) throws Unresolved {
        ConfigObject found = all.get(key(kind, name));
        if (found == null && !optional) {
            throw new Unresolved(switch (kind) {
                case ConfigMap -> "configmap";
                case Secret -> "secret";
            } + " \"" + name + "\" not found");
        }
        return Optional.ofNullable(found);
    }

    /** For an environment variable. @return empty: it is optional, and the object or the key is not there */
    Optional<Value> find(Kind kind, KeyRef ref) throws Unresolved {
        Optional<Value> value = find(kind, ref.name(), ref.optional())
                .flatMap(object -> Optional.ofNullable(object.data().get(ref.key()))).filter(v -> !v.isBinary());
        if (value.isEmpty() && !ref.optional()) {
            throw new Unresolved("couldn't find key " + ref.key() + " in " + key(kind, ref.name()));
        }
        return value;
    }
}

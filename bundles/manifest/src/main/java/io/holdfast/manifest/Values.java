package io.holdfast.manifest;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Tree.Place;
import io.holdfast.pod.Quantity;

/**
 * Values of one type; null is: of another type.
 *
 * @see Fields on why there is no switch here
 */
final class Values {

    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

    private Values() {
    }

    static @Nullable String toText(Tree tree) {
        if (tree instanceof Tree.Text(Place _, String text)) {
            return text;
        }
        String word = tree instanceof Tree.Bool(Place _, boolean _, String written) ? written
                : tree instanceof Tree.Num(Place _, String json) ? json : null;
        if (word != null) {
            throw new IllegalArgumentException(
                    "expected a string, found " + Tree.describe(tree) + "; in quotes, '" + word + "' is a string");
        }
        return null;
    }

    static @Nullable Long toLong(Tree tree) {
        if (tree instanceof Tree.Text(Place _, String text) && WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "expected an integer, found the string '" + text + "'; write it without quotes");
        }
        return tree instanceof Tree.Num(Place _, String json) && WHOLE.matcher(json).matches() ? Long.valueOf(json)
                : null;
    }

    static @Nullable Quantity toQuantity(Tree tree) {
        String text = tree instanceof Tree.Text(Place _, String word) ? word
                : tree instanceof Tree.Num(Place _, String json) ? json : null;
        return text == null ? null : new Quantity(text);
    }
}

package io.holdfast.manifest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import io.holdfast.manifest.Tree.Place;

/** What a YAML scalar with a tag means, such as {@code !!str 5}. */
final class Tags {

    private Tags() {
    }

    /** @param tag the full name; {@code !} is: not to be guessed, empty is: none */
    static Tree resolve(String tag, boolean plain, String value, Place place) {
        return switch (tag) {
            case "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp" -> new Tree.Text(place, value);
            case "tag:yaml.org,2002:binary" -> new Tree.Text(place, binary(value, place));
            case "tag:yaml.org,2002:int" -> tagged(value, place, Tree.Num.class, "an integer");
            case "tag:yaml.org,2002:float" -> tagged(value, place, Tree.Num.class, "a number");
            case "tag:yaml.org,2002:bool" -> tagged(value, place, Tree.Bool.class, "a boolean");
            case "tag:yaml.org,2002:null" -> tagged(value, place, Tree.Null.class, "nothing");
            default -> plain ? Scalars.resolve(value, place) : new Tree.Text(place, value);
        };
    }

    private static Tree tagged(String value, Place place, Class<? extends Tree> type, String expected) {
        Tree tree = Scalars.resolve(value, place);
        if (!type.isInstance(tree) || (expected.equals("an integer") && value.contains("."))) {
            throw new BadText(place, "the tag says " + expected + ", and it is none");
        }
        return tree;
    }

    private static String binary(String value, Place place) {
        try {
            return new String(Base64.getDecoder().decode(value.replaceAll("\\s", "")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadText(place, "the tag says base64, and it is none");
        }
    }
}

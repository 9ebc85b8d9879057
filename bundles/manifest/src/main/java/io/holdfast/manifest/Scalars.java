package io.holdfast.manifest;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Tree.Place;

/**
 * What a plain YAML word means, as the YAML reader of Kubernetes (YAML 1.1 by way of Go) takes it: {@code yes} and
 * {@code y} are true, {@code 017} is 15, {@code 12:30:45} and {@code 2020-01-01} are strings.
 */
final class Scalars {

    private static final Map<String, Boolean> WORDS = Map.ofEntries(
            Map.entry("y", true), Map.entry("Y", true), Map.entry("yes", true), Map.entry("Yes", true),
            Map.entry("YES", true), Map.entry("true", true), Map.entry("True", true), Map.entry("TRUE", true),
            Map.entry("on", true), Map.entry("On", true), Map.entry("ON", true), Map.entry("n", false),
            Map.entry("N", false), Map.entry("no", false), Map.entry("No", false), Map.entry("NO", false),
            Map.entry("false", false), Map.entry("False", false), Map.entry("FALSE", false),
            Map.entry("off", false), Map.entry("Off", false), Map.entry("OFF", false));
    private static final Pattern FLOAT = Pattern
            .compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
    private static final BigInteger LEAST_INTEGER = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST_INTEGER = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private Scalars() {
    }

    static Tree resolve(String text, Place place) {
        if (text.isEmpty() || text.equals("~") || text.equals("null") || text.equals("Null") || text.equals("NULL")) {
            return new Tree.Null(place);
        }
        Boolean word = text.length() <= 5 ? WORDS.get(text) : null;
        if (word != null) {
            return new Tree.Bool(place, word, text);
        }
        char first = text.charAt(0);
        if (first == '.' || first == '-' || first == '+' || (first >= '0' && first <= '9')) {
            String number = number(text, place);
            return number == null ? new Tree.Text(place, text) : new Tree.Num(place, number);
        }
        return new Tree.Text(place, text);
    }

    /** Of what is a number by its looks. */
    static Tree.Num requireNumber(String text, Place place) {
        if (resolve(text, place) instanceof Tree.Num number) {
            return number;
        }
        throw noNumber(place);
    }

    private static BadText noNumber(Place place) {
        return new BadText(place, "is not a number that a manifest can hold");
    }

    private static @Nullable String number(String text, Place place) {
        String word = text.startsWith(".") ? text : text.replace("_", "");
        String integer = integer(word);
        if (integer != null) {
            return integer;
        }
        if (FLOAT.matcher(word).matches()) {
            return decimal(Double.parseDouble(word));
        }
        String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        return switch (unsigned) {
            case ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN" -> throw noNumber(place);
            default -> null;
        };
    }

    private static @Nullable String integer(String word) {
        boolean negative = word.startsWith("-");
        String digits = negative || word.startsWith("+") ? word.substring(1) : word;
        int radix = 10;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            radix = switch (digits.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'b', 'B' -> 2;
                default -> 8;
            };
            boolean prefixed = radix != 8 || digits.charAt(1) == 'o' || digits.charAt(1) == 'O';
            digits = digits.substring(prefixed ? 2 : 1);
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) > 'f' || Character.digit(digits.charAt(i), radix) < 0) {
                return null;
            }
        }
        if (digits.isEmpty()) {
            return null;
        }
        BigInteger value = new BigInteger(digits, radix);
        value = negative ? value.negate() : value;
        return value.compareTo(LEAST_INTEGER) < 0 || value.compareTo(MOST_INTEGER) > 0 ? null : value.toString();
    }

    /** The shortest form, as Go writes it; null when there are no such numbers. */
    static @Nullable String decimal(double value) {
        if (Double.isInfinite(value)) {
            return null;
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        double size = Math.abs(value);
        if (size >= 1e-6 && size < 1e21) {
            return exact.toPlainString();
        }
        int exponent = exact.precision() - exact.scale() - 1;
        return exact.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + (exponent < 0 ? "" : "+")
                + exponent;
    }
}

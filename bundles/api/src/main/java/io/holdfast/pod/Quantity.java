package io.holdfast.pod;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number as Kubernetes writes amounts: {@code 250m}, {@code 1.5}, {@code 64Mi}, {@code 1e3}. */
public record Quantity(String text) {

    private static final Pattern SYNTAX = Pattern
            .compile("([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+))(?:([eE][+-]?\\d+)|([KMGTPE]i|[numkMGTPE]))?");
    private static final Map<String, BigDecimal> SUFFIXES = Map.ofEntries(
            Map.entry("n", new BigDecimal("1e-9")), Map.entry("u", new BigDecimal("1e-6")),
            Map.entry("m", new BigDecimal("1e-3")), Map.entry("k", new BigDecimal("1e3")),
            Map.entry("M", new BigDecimal("1e6")), Map.entry("G", new BigDecimal("1e9")),
            Map.entry("T", new BigDecimal("1e12")), Map.entry("P", new BigDecimal("1e15")),
            Map.entry("E", new BigDecimal("1e18")), Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)), Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)), Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
            Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

    /** @throws IllegalArgumentException when {@code text} is no quantity */
    public Quantity {
        if (!SYNTAX.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a quantity such as 250m, 1.5 or 64Mi");
        }
    }

    /** The exact amount. */
    public BigDecimal amount() {
        Matcher m = SYNTAX.matcher(text);
        if (!m.matches()) {
            throw new IllegalStateException(text);
        }
        BigDecimal number = new BigDecimal(m.group(1) + (m.group(2) == null ? "" : m.group(2)));
        return m.group(3) == null ? number : number.multiply(SUFFIXES.get(m.group(3)));
    }

    /** Whole units, rounded up as Kubernetes does; bytes for memory. */
    public long value() {
        return amount().setScale(0, RoundingMode.CEILING).longValue();
    }

    /** Thousandths, rounded up; millicores for cpu. */
    public long milliValue() {
        return amount().movePointRight(3).setScale(0, RoundingMode.CEILING).longValue();
    }

    @Override
    public String toString() {
        return text;
    }
}

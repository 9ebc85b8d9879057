package io.holdfast.itests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The figures as a table (Markdown, for the README) and as JSON. */
final class Report {

    private record Row(String floor, String toReach, String unit, Samples samples) {
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();

    /**
     * Adds a row, and prints it at once.
     *
     * @param floor what it stands on, or empty
     * @param toReach the budget, as text
     */
    void add(String figure, String unit, String floor, String toReach, Samples samples) {
        rows.put(figure, new Row(floor, toReach, unit, samples));
        System.out.println(line(figure, rows.get(figure)));
    }

    void print() {
        System.out.println();
        System.out.println("| figure | median (min to max), n | floor | to reach |");
        System.out.println("|---|---|---|---|");
        rows.forEach((figure, row) -> System.out.println(line(figure, row)));
    }

    void write(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        rows.forEach((figure, row) -> root.putObject(figure).put("unit", row.unit)
                .put("median", row.samples.median()).put("min", row.samples.min()).put("max", row.samples.max())
                .put("n", row.samples.count()).put("floor", row.floor).put("toReach", row.toReach));
        Files.createDirectories(file.getParent());
        mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
    }

    private static String line(String figure, Row row) {
        Samples s = row.samples;
        return "| %s | **%.4g %s** (%.4g to %.4g), %d | %s | %s |".formatted(figure, s.median(), row.unit, s.min(),
                s.max(), s.count(), row.floor, row.toReach);
    }
}

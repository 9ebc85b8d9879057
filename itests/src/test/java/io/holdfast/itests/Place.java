package io.holdfast.itests;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A configured source in a {@link Storm}: what lies there, and what the agent has to go by, which is something else while
 * the source, or what reads it, is away. Pods are named without the node, and have a version.
 */
final class Place {

    /** How manifests get to where the source finds them. */
    interface Shelf {

        /** @param manifests all that are to lie there, by pod */
        void fill(Map<String, String> manifests) throws Exception;
    }

    /** The text of a pod's manifest. */
    interface Author {

        String write(String pod, int version);
    }

    private final String source;
    private final String bundle;
    private final int most;
    private final String harmless;
    private final List<String> configuration;
    private final Author author;
    private final Shelf shelf;
    private final Map<String, Integer> lying = new LinkedHashMap<>();
    private Map<String, Integer> inForce = Map.of();
    private boolean configured;

    /**
     * @param most how many pods may lie there
     * @param harmless a key, in seconds, that a change of does no harm
     */
    Place(String source, String bundle, int most, String harmless, List<String> configuration, Author author,
            Shelf shelf) {
        this.source = source;
        this.bundle = bundle;
        this.most = most;
        this.harmless = harmless;
        this.configuration = configuration;
        this.author = author;
        this.shelf = shelf;
    }

    String source() {
        return source;
    }

    String bundle() {
        return bundle;
    }

    int most() {
        return most;
    }

    String harmless() {
        return harmless;
    }

    /** The first of the names of this place that is free. */
    String unused() {
        return IntStream.iterate(0, i -> i + 1).mapToObj(i -> source.replace('~', '-') + "-" + i)
                .filter(name -> !lying.containsKey(name)).findFirst().orElseThrow();
    }

    boolean configured() {
        return configured;
    }

    Map<String, Integer> lying() {
        return Map.copyOf(lying);
    }

    Map<String, Integer> inForce() {
        return inForce;
    }

    /** The source has been read. */
    void read() {
        inForce = lying();
    }

    /** Somebody has noticed that it is not configured any more. */
    void withdrawn() {
        inForce = Map.of();
    }

    void put(String pod, int version) throws Exception {
        lying.put(pod, version);
        fill();
    }

    void remove(String pod) throws Exception {
        lying.remove(pod);
        fill();
    }

    private void fill() throws Exception {
        Map<String, String> texts = new LinkedHashMap<>();
        lying.forEach((pod, version) -> texts.put(pod, author.write(pod, version)));
        shelf.fill(texts);
    }

    /** @param more what changes nothing but makes it another configuration */
    void configure(Agent agent, String... more) throws IOException {
        List<String> lines = new ArrayList<>(configuration);
        lines.addAll(List.of(more));
        agent.config("io.holdfast.source." + source, lines.toArray(String[]::new));
        configured = true;
    }

    void unconfigure(Agent agent) throws IOException {
        agent.removeConfig("io.holdfast.source." + source);
        configured = false;
    }
}

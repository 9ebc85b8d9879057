package io.holdfast.pod;

import java.util.Map;

/** Requests and limits by resource name: {@code cpu}, {@code memory}. */
public record ResourceRequirements(Map<String, Quantity> requests, Map<String, Quantity> limits) {

    public static final ResourceRequirements NONE = new ResourceRequirements(Map.of(), Map.of());

    public ResourceRequirements {
        requests = Lists.of(requests);
        limits = Lists.of(limits);
    }
}

package io.holdfast.manifest;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import io.holdfast.source.Problem;
import io.holdfast.source.Sources;

/** The state, as people want to see it. */
@Component
public final class SourceList implements Sources {

    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(Problem::origin)
            .thenComparingInt(Problem::line).thenComparingInt(Problem::column);

    private final Manifests manifests;

    @Activate
    public SourceList(@Reference Manifests manifests) {
        this.manifests = manifests;
    }

    @Override
    public List<Status> current() {
        Known state = manifests.state();
        return state.sources().values().stream().map(source -> status(state, source)).toList();
    }

    private static Status status(Known state, SourceState source) {
        List<Problem> problems = Stream.concat(
                source.origins().values().stream().flatMap(origin -> origin.problems().stream()),
                state.duplicates().stream().filter(d -> d.source().equals(source.name())).map(Known.Duplicate::problem))
                .sorted(BY_PLACE).toList();
        int pods = (int) state.desired().pods().values().stream().filter(p -> p.source().equals(source.name())).count();
        return new Status(source.name(), source.state(), source.origins().size(), pods, source.lastReading(),
                source.failure(), problems);
    }

    @Override
    public void forget(String source) {
        manifests.forget(source);
    }
}

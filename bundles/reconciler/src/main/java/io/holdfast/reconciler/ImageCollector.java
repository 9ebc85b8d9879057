package io.holdfast.reconciler;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.pod.Container;
import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.ImageStore;
import io.holdfast.runtime.ImageStore.Space;
import io.holdfast.runtime.ImageStore.Stored;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.source.DesiredPods;

/**
 * Removes images that no container has and no manifest wants, those first that were not used for the longest time, while
 * their disk is too full (behaviour G1).
 */
final class ImageCollector {

    private static final Logger LOG = LoggerFactory.getLogger(ImageCollector.class);

    private final ImageRules rules;
    private final Kit kit;
    private final Supplier<DesiredPods.Snapshot> desired;
    private final Supplier<Map<String, Kit.Engine>> engines;
    /** What is known of images, by runtime and id. Owned by the thread, as are the troubles. */
    private final Map<String, Map<String, Known>> known = new HashMap<>();
    private final Map<String, String> troubles = new HashMap<>();

    /** @param found the beginning of time for what was here before us */
    private record Known(Instant found, Instant used) {
    }

    ImageCollector(ImageRules rules, Kit kit, Supplier<DesiredPods.Snapshot> desired, Supplier<Map<String, Kit.Engine>> engines) {
        this.rules = rules;
        this.kit = kit;
        this.desired = desired;
        this.engines = engines;
    }

    void run() throws InterruptedException {
        while (true) {
            Thread.sleep(rules.period());
            round();
        }
    }

    void round() throws InterruptedException {
        for (Kit.Engine engine : engines.get().values()) {
            if (rules.areFor(engine.name()) && engine.runtime() instanceof ImageStore store) {
                trouble(engine.name(), collected(engine, store));
            }
        }
    }

    /** Once, until it is over. */
    private void trouble(String runtime, Optional<String> trouble) {
        String before = trouble.isPresent() ? troubles.put(runtime, trouble.get()) : troubles.remove(runtime);
        if (before == null) {
            trouble.ifPresent(why -> LOG.warn("images of runtime {}: {}", runtime, why));
        }
    }

    /** @return what is wrong */
    private Optional<String> collected(Kit.Engine engine, ImageStore store) throws InterruptedException {
        try {
            List<Stored> all = store.images();
            remember(engine.name(), all);
            Space disk = store.space();
            long toFree = rules.toFree(disk);
            long freed = toFree == 0 ? 0 : free(toFree, candidates(engine, all), store);
            return freed >= toFree ? Optional.empty() : Optional.of("their disk was " + disk.usedPercent() + " % full, and "
                    + (toFree - freed) / 1_000_000 + " MB could not be freed, as all other images are needed or new");
        } catch (RuntimeRefused | RuntimeUnreachable e) {
            return Optional.of("cannot be looked after: " + e.getMessage());
        }
    }

    private void remember(String runtime, List<Stored> all) {
        boolean first = !known.containsKey(runtime);
        Map<String, Known> images = known.computeIfAbsent(runtime, _ -> new HashMap<>());
        images.keySet().retainAll(all.stream().map(Stored::id).collect(Collectors.toSet()));
        Instant now = kit.now();
        for (Stored image : all) {
            images.putIfAbsent(image.id(), new Known(first ? Instant.EPOCH : now, Instant.EPOCH));
            images.computeIfPresent(image.id(), (_, before) -> image.inUse() ? new Known(before.found(), now) : before);
        }
    }

    private List<Stored> candidates(Kit.Engine engine, List<Stored> all) throws InterruptedException {
        Map<String, Known> images = known.getOrDefault(engine.name(), Map.of());
        Set<String> wanted = wanted(engine);
        Instant young = kit.now().minus(rules.minAge());
        return all.stream().filter(image -> !image.inUse() && !wanted.contains(image.id()))
                .filter(image -> !of(images, image).found().isAfter(young))
                .sorted(Comparator.comparing((Stored image) -> of(images, image).used())
                        .thenComparing(image -> of(images, image).found()))
                .toList();
    }

    private static Known of(Map<String, Known> images, Stored image) {
        return images.getOrDefault(image.id(), new Known(Instant.MAX, Instant.MAX));
    }

    /** The ids of what the manifests name, whether it runs just now or not. */
    private Set<String> wanted(Kit.Engine engine) throws InterruptedException {
        Set<String> names = desired.get().pods().values().stream().flatMap(pod -> Containers.all(pod.pod().spec()).stream())
                .map(Container::image).collect(Collectors.toSet());
        Set<String> ids = new HashSet<>();
        for (String name : names) {
            try {
                engine.runtime().image(name).map(Image::id).ifPresent(ids::add);
            } catch (RuntimeRefused e) {
                LOG.debug("image {} is no image to runtime {}: {}", name, engine.name(), e.getMessage());
            }
        }
        return ids;
    }

    private static long free(long bytes, List<Stored> candidates, ImageStore store) throws InterruptedException {
        long freed = 0;
        for (Stored image : candidates) {
            if (freed < bytes) {
                try {
                    store.discard(image.id());
                    freed += image.bytes();
                    LOG.info("removed image {} of {} MB, as the disk is too full", name(image), image.bytes() / 1_000_000);
                } catch (RuntimeRefused e) {
                    LOG.debug("image {} stays: {}", name(image), e.getMessage()); // it is used since the list was made
                }
            }
        }
        return freed;
    }

    private static String name(Stored image) {
        return image.references().isEmpty() ? image.id() : image.references().getFirst();
    }
}

package io.holdfast.runtime.cri;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.holdfast.runtime.ImageStore.Space;
import io.holdfast.runtime.ImageStore.Stored;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.cri.wire.Container;
import io.holdfast.runtime.cri.wire.FilesystemUsage;
import io.holdfast.runtime.cri.wire.Image;
import io.holdfast.runtime.cri.wire.ImageFsInfoRequest;
import io.holdfast.runtime.cri.wire.ImageServiceGrpc;
import io.holdfast.runtime.cri.wire.ImageSpec;
import io.holdfast.runtime.cri.wire.ListContainersRequest;
import io.holdfast.runtime.cri.wire.ListImagesRequest;
import io.holdfast.runtime.cri.wire.RemoveImageRequest;
import io.holdfast.runtime.cri.wire.RemoveImageResponse;
import io.holdfast.runtime.cri.wire.RuntimeServiceGrpc;
import io.holdfast.runtime.cri.wire.StatusRequest;

/** What the engine keeps of images. */
final class Images {

    /** In the configuration that containerd tells; engines that do not tell theirs pin it. */
    private static final Pattern SANDBOX_IMAGE = Pattern.compile("\"sandboxImage\"\\s*:\\s*\"([^\"]+)\"");

    private final Connection engine;

    Images(Connection engine) {
        this.engine = engine;
    }

    /** CRI lets any image be removed, so that whoever has it must be known before. */
    List<Stored> all() throws InterruptedException {
        Set<String> needed = new HashSet<>();
        sandboxImage().ifPresent(needed::add);
        for (Container container : engine.call(RuntimeServiceGrpc.getListContainersMethod(),
                ListContainersRequest.getDefaultInstance(), Looks.LIMIT).getContainersList()) {
            needed.add(container.getImageRef());
            needed.add(container.getImage().getImage());
        }
        return engine.call(ImageServiceGrpc.getListImagesMethod(), ListImagesRequest.getDefaultInstance(), Looks.LIMIT)
                .getImagesList().stream().map(image -> stored(image, needed)).toList();
    }

    private static Stored stored(Image image, Set<String> needed) {
        List<String> names = Stream.concat(image.getRepoTagsList().stream(), image.getRepoDigestsList().stream()).toList();
        boolean inUse = image.getPinned() || needed.contains(image.getId()) || names.stream().anyMatch(needed::contains);
        return new Stored(image.getId(), names, image.getSize(), inUse);
    }

    private Optional<String> sandboxImage() throws InterruptedException {
        String config = engine.call(RuntimeServiceGrpc.getStatusMethod(), StatusRequest.newBuilder().setVerbose(true).build(),
                Looks.LIMIT).getInfoOrDefault(CgroupDrivers.CONFIG, "");
        return sandboxImage(config);
    }

    static Optional<String> sandboxImage(String config) {
        Matcher found = SANDBOX_IMAGE.matcher(config);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    void remove(String id) throws InterruptedException {
        engine.begin(ImageServiceGrpc.getRemoveImageMethod(), RemoveImageRequest.newBuilder()
                .setImage(ImageSpec.newBuilder().setImage(id)).build(), Looks.LIMIT).orIfGone(RemoveImageResponse.getDefaultInstance());
    }

    Space space() throws InterruptedException {
        List<FilesystemUsage> disks = engine.call(ImageServiceGrpc.getImageFsInfoMethod(), ImageFsInfoRequest.getDefaultInstance(),
                Looks.LIMIT).getImageFilesystemsList();
        if (disks.isEmpty()) {
            throw new RuntimeRefused("the engine does not say where its images are", null);
        }
        return Space.of(Path.of(disks.getFirst().getFsId().getMountpoint()));
    }
}

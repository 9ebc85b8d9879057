package io.holdfast.runtime.docker;

import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.ImageStore.Space;
import io.holdfast.runtime.ImageStore.Stored;
import io.holdfast.runtime.PullAuth;
import io.holdfast.runtime.RuntimeRefused;

/** Looks for images, and brings them. */
final class Images {

    /** What the list has in place of names that there are not. */
    private static final String NAMELESS = "<none>";

    private final Engine engine;

    Images(Engine engine) {
        this.engine = engine;
    }

    Optional<Image> image(String reference) throws InterruptedException {
        return engine.get("/images/" + Query.path(reference) + "/json").ifThere().map(image -> new Image(
                image.at("Id").text(), reference, image.at("Config", "User").text(), image.at("Size").number()));
    }

    Image pull(String reference, PullAuth auth) throws InterruptedException {
        create(Query.of("fromImage", withTag(reference)), auth.equals(PullAuth.NONE) ? Map.of()
                : Map.of("X-Registry-Auth", encoded(auth, reference)));
        return image(reference).orElseThrow(
                () -> new RuntimeRefused(reference + " was pulled, but is not there: removed again meanwhile?", null));
    }

    /** The answer is news of the progress; what went wrong is in one of them, after a status of 200. */
    private void create(String query, Map<String, String> headers) throws InterruptedException {
        engine.stream("POST", "/images/create" + query, null, headers,
                body -> Json.each(body, Images::failIfError));
    }

    /** @throws RuntimeRefused the news is that it went wrong */
    static void failIfError(Json news) {
        if (!news.at("error").text().isEmpty()) {
            throw new RuntimeRefused(Errors.withoutWrapping(news.at("error").text()), null);
        }
    }

    /** Without a tag Docker would pull all that there are. */
    static String withTag(String reference) {
        String last = reference.substring(reference.lastIndexOf('/') + 1);
        return last.contains(":") || reference.contains("@") ? reference : reference + ":latest";
    }

    List<Stored> all() throws InterruptedException {
        Set<String> used = engine.get("/containers/json?all=1").get().items().stream().map(c -> c.at("ImageID").text())
                .collect(Collectors.toSet());
        return engine.get("/images/json").get().items().stream().map(image -> {
            List<String> names = Stream.of("RepoTags", "RepoDigests").flatMap(kind -> image.at(kind).items().stream()).map(Json::text)
                    .filter(name -> !name.contains(NAMELESS)).toList();
            String id = image.at("Id").text();
            return new Stored(id, names, image.at("Size").number(), used.contains(id) || names.contains(PauseImage.REFERENCE));
        }).toList();
    }

    /** By its tags, as Docker refuses to remove what has more than one; never by force, so that what is in use stays. */
    void remove(String id) throws InterruptedException {
        for (Json tag : engine.get("/images/" + Query.path(id) + "/json").ifThere().map(i -> i.at("RepoTags").items()).orElse(List.of())) {
            var _ = engine.delete("/images/" + Query.path(tag.text())).ifThere();
        }
        var _ = engine.delete("/images/" + Query.path(id)).ifThere();
    }

    Space space() throws InterruptedException {
        return Space.of(Path.of(engine.get("/info").get().at("DockerRootDir").text()));
    }

    private static String encoded(PullAuth auth, String reference) {
        byte[] json = Json.write(Map.of("username", auth.username(), "password", auth.password(), "serveraddress",
                registry(reference)));
        return Base64.getUrlEncoder().encodeToString(json);
    }

    /** As Docker itself tells a registry's name from the first part of an image's. */
    static String registry(String reference) {
        int slash = reference.indexOf('/');
        String first = slash < 0 ? "" : reference.substring(0, slash);
        return first.contains(".") || first.contains(":") || first.equals("localhost") ? first
                : "https://index.docker.io/v1/";
    }
}

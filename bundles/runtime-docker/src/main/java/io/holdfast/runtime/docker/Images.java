package io.holdfast.runtime.docker;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;

import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.PullAuth;
import io.holdfast.runtime.RuntimeRefused;

/** Looks for images, and brings them. */
final class Images {

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

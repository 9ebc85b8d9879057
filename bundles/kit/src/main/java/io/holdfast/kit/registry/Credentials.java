package io.holdfast.kit.registry;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import io.holdfast.runtime.PullAuth;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Value;

/**
 * Who may pull an image (behaviour C9): those of the pod's Secrets first, then those of the node, which are read when they
 * are asked for, so that a new login needs no restart.
 *
 * @param files where docker's configuration may be; the first that is there is read
 */
public record Credentials(List<Path> files) {

    /** Keys of the Secrets, by their type. */
    private static final String NEW = "kubernetes.io/dockerconfigjson";
    private static final String OLD = "kubernetes.io/dockercfg";

    public Credentials {
        files = List.copyOf(files);
    }

    /**
     * @param auths in the order in which they are to be tried; none: without
     * @param troubles why there may be too few of them, in words for a person; no secret is among them
     */
    public record Found(List<PullAuth> auths, List<String> troubles) {
    }

    /** Where docker and the kubelet look. */
    public static Credentials ofNode(Map<String, String> environment) {
        List<Path> files = new ArrayList<>();
        Optional.ofNullable(environment.get("DOCKER_CONFIG")).ifPresent(d -> files.add(Path.of(d, "config.json")));
        files.add(Path.of("/var/lib/kubelet/config.json"));
        files.add(Path.of(environment.getOrDefault("HOME", "/root"), ".docker/config.json"));
        return new Credentials(files);
    }

    /** @param secrets the pod's, that there are */
    public Found of(ImageName image, List<ConfigObject> secrets) throws InterruptedException {
        Set<PullAuth> auths = new LinkedHashSet<>();
        List<String> troubles = new ArrayList<>();
        List<DockerConfig> ofSecrets = new ArrayList<>();
        for (ConfigObject secret : secrets) {
            try {
                ofSecrets.add(read(secret));
            } catch (IOException e) {
                troubles.add(secret.key() + ": " + e.getMessage());
            }
        }
        auths.addAll(DockerConfig.matching(ofSecrets, image));
        for (Path file : files) {
            try {
                DockerConfig node = DockerConfig.read(Files.readAllBytes(file));
                ask(node, image, file, troubles).ifPresent(auths::add);
                auths.addAll(DockerConfig.matching(List.of(node), image));
                break;
            } catch (NoSuchFileException _) {
                // the next may be there
            } catch (FileSystemException e) {
                troubles.add(file + ": cannot be read: " + Objects.requireNonNullElse(e.getReason(), e.getClass().getSimpleName()));
                break;
            } catch (IOException e) {
                troubles.add(file + ": " + e.getMessage());
                break;
            }
        }
        return new Found(List.copyOf(auths), List.copyOf(troubles));
    }

    private static Optional<PullAuth> ask(DockerConfig node, ImageName image, Path file, List<String> troubles)
            throws InterruptedException {
        try {
            Optional<CredentialHelper> helper = node.helper(image);
            return helper.isPresent() ? helper.get().ask() : Optional.empty();
        } catch (IOException e) {
            troubles.add(file + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private static DockerConfig read(ConfigObject secret) throws IOException {
        return switch (secret.type()) {
            case NEW -> DockerConfig.read(data(secret, ".dockerconfigjson"));
            case OLD -> DockerConfig.readOld(data(secret, ".dockercfg"));
            default -> throw new IOException("its type must be " + NEW + " or " + OLD + ", found " + secret.type());
        };
    }

    private static byte[] data(ConfigObject secret, String key) throws IOException {
        Value value = secret.data().get(key);
        if (value == null) {
            throw new IOException("has no " + key);
        }
        return value.bytes();
    }
}

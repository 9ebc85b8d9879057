package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Files of the node, which are not always UTF-8: a name or a comment in another encoding is no reason to run no pod. */
final class Lines {

    private Lines() {
    }

    static Stream<String> of(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines();
    }
}

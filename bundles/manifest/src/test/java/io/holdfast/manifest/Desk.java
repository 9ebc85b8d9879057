package io.holdfast.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.holdfast.source.ConfigObject;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Manifest;

/** A home of node1, a directory with files, and a person who types {@code holdfast validate}. */
record Desk(Path temp) {

    record Said(String out, String err, int code) {
    }

    Desk file(String name, String text) throws IOException {
        Path file = temp.resolve("work").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    Desk config(String text) throws IOException {
        Files.createDirectories(temp.resolve("config"));
        Files.writeString(temp.resolve("config/io.holdfast.node.cfg"), text);
        return this;
    }

    /** What an agent that ran here has left of a source: pairs of origin and text. */
    Desk inForce(String source, String... originsAndTexts) throws IOException {
        List<Manifest> manifests = new ArrayList<>();
        for (int i = 0; i < originsAndTexts.length; i += 2) {
            manifests.add(new Manifest.Text(originsAndTexts[i], originsAndTexts[i + 1].getBytes(UTF_8)));
        }
        Map<String, Origin> read = new OriginReader(source, ThisNode.named("node1"), _ -> null, InstantSource.fixed(Instant.EPOCH))
                .read(manifests, new HashMap<>());
        List<DesiredPod> pods = read.values().stream().flatMap(origin -> origin.pods().stream()).toList();
        List<ConfigObject> objects = read.values().stream().flatMap(origin -> origin.objects().stream())
                .map(Origin.KeptObject::object).toList();
        new LastGood(temp.resolve("var/manifests")).save(source, pods, objects);
        return this;
    }

    Said validate(String... words) throws IOException {
        return validateWith("", words);
    }

    /** @param in what is on standard input */
    Said validateWith(String in, String... words) throws IOException {
        return validateIn("", in, words);
    }

    /** @param directory where the person is, below where the files are */
    Said validateIn(String directory, String in, String... words) throws IOException {
        if (!Files.exists(temp.resolve("config"))) {
            config("name = node1\nstate.directory = " + temp.resolve("var") + "\n");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new Validate(temp.resolve("config"), temp.resolve("work").resolve(directory),
                new ByteArrayInputStream(in.getBytes(UTF_8)), new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8)).run(List.of(words));
        return new Said(out.toString(UTF_8), err.toString(UTF_8), code);
    }
}

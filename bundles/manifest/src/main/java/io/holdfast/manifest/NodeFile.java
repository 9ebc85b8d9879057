package io.holdfast.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.holdfast.config.ConfigKeys;

/**
 * The node by its configuration file, without an agent that has read it: as the launcher does, with variables that are
 * system properties.
 */
record NodeFile(ThisNode thisNode, Path stateDirectory) {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");

    /** @throws IllegalArgumentException the agent would refuse it */
    static NodeFile read(Path folder) throws IOException {
        Map<String, String> properties = properties(folder.resolve(NodeConfig.PID + ".cfg"));
        Map<String, String> described = new HashMap<>(properties);
        described.put("service.pid", NodeConfig.PID);
        ConfigKeys.check(described, NodeConfig.Config.class);
        String name = NodeConfig.name(properties.getOrDefault("name", ""));
        String[] labels = {properties.getOrDefault("labels", "")};
        String[] taints = {properties.getOrDefault("taints", "")};
        return new NodeFile(new ThisNode(name, NodeConfig.labels(name, labels), NodeConfig.taints(taints)),
                NodeConfig.stateDirectory(properties));
    }

    private static Map<String, String> properties(Path file) throws IOException {
        Properties read = new Properties();
        try (Reader in = Files.newBufferedReader(file, UTF_8)) {
            read.load(in);
        } catch (NoSuchFileException e) {
            // the defaults
        } catch (AccessDeniedException e) {
            throw new IOException("cannot read " + file + ": permission denied", e);
        } catch (CharacterCodingException e) {
            throw new IOException("cannot read " + file + ": it is not UTF-8", e);
        }
        Map<String, String> properties = new HashMap<>();
        for (String key : read.stringPropertyNames()) {
            properties.put(key, VARIABLE.matcher(read.getProperty(key)).replaceAll(variable -> Matcher
                    .quoteReplacement(System.getProperty(variable.group(1), variable.group()))).trim());
        }
        return properties;
    }
}

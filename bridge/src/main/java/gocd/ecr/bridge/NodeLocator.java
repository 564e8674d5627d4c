package gocd.ecr.bridge;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Decides which Node runs the task: -Dgocd.ecr.node, else GOCD_ECR_NODE, else PATH; always an absolute path. */
final class NodeLocator {
    /** The oldest Node that the bundle's libraries support. */
    static final int OLDEST = 20;
    private static final String PROPERTY = "gocd.ecr.node";
    private static final String VARIABLE = "GOCD_ECR_NODE";

    private final UnaryOperator<String> properties;
    private final Map<String, String> environment;
    private final NodeVersion versions;

    NodeLocator(UnaryOperator<String> properties, Map<String, String> environment, NodeVersion versions) {
        this.properties = properties;
        this.environment = environment;
        this.versions = versions;
    }

    Path find() throws BridgeFailure {
        String property = properties.apply(PROPERTY);
        if (property != null && !property.isBlank()) {
            return named(property.strip(), "-D" + PROPERTY);
        }
        String variable = environment.get(VARIABLE);
        if (variable != null && !variable.isBlank()) {
            return named(variable.strip(), VARIABLE);
        }
        return onPath();
    }

    /** A Node that somebody named is the one or none: another one in its place would be a surprise. */
    private Path named(String text, String origin) throws BridgeFailure {
        List<String> looked = new ArrayList<>();
        Path node = usable(text, looked);
        if (node != null) {
            return node;
        }
        if (looked.isEmpty()) {
            looked.add(text + ": no executable file with an absolute path");
        }
        throw new NodeMissing(looked, "named by " + origin);
    }

    private Path onPath() throws BridgeFailure {
        List<String> looked = new ArrayList<>();
        String path = environment.getOrDefault("PATH", "");
        for (String entry : path.split(Pattern.quote(File.pathSeparator))) {
            Path node = entry.isEmpty() ? null : usable(entry + File.separator + "node", looked);
            if (node != null) {
                return node;
            }
        }
        if (looked.isEmpty()) {
            looked.add("no executable file called node in " + ChildEnvironment.absoluteEntries(path));
        }
        throw new NodeMissing(looked, "found by PATH");
    }

    private Path usable(String text, List<String> looked) throws BridgeFailure {
        Path node;
        try {
            node = Paths.get(text);
        } catch (InvalidPathException e) {
            return null;
        }
        if (!node.isAbsolute() || !Files.isRegularFile(node) || !Files.isExecutable(node)) {
            return null;
        }
        node = node.normalize();
        String version = versions.of(node);
        if (NodeVersion.major(version) >= OLDEST) {
            return node;
        }
        looked.add(node + ": " + version + (NodeVersion.major(version) >= 0 ? " is too old" : ""));
        return null;
    }
}

package gocd.ecr.bridge;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Starts host processes: which Node, which file, which folder, which environment. */
final class HostStarter {
    /** Finds the folder that GoCD unpacked the plugin into. */
    interface FolderFinder {
        Path find() throws BridgeFailure;
    }

    private static final long VERSION_LIMIT_MS = 10_000;
    static final long START_LIMIT_MS = 15_000;

    private final FolderFinder bundle;
    private final Map<String, String> agentEnvironment;
    private final PrivateFolder folder = new PrivateFolder();
    private final NodeLocator node;
    private final long startLimitMs;
    private final Log log;

    HostStarter(FolderFinder bundle, Map<String, String> environment, UnaryOperator<String> properties, long startLimitMs, Log log) {
        this.bundle = bundle;
        this.agentEnvironment = environment;
        this.startLimitMs = startLimitMs;
        this.log = log;
        this.node = new NodeLocator(properties, environment,
            new NodeVersion(folder, ChildEnvironment.of(environment), VERSION_LIMIT_MS));
    }

    HostProcess start() throws BridgeFailure {
        Path program = node.find();
        Path script = bundle.find().resolve("plugin.cjs");
        ProcessBuilder builder = new ProcessBuilder(program.toString(), script.toString(), "serve");
        builder.directory(folder.get().toFile());
        builder.environment().clear();
        builder.environment().putAll(ChildEnvironment.of(agentEnvironment));
        try {
            return new HostProcess(builder.start(), System.getProperty("user.dir"), agentEnvironment, startLimitMs, log);
        } catch (IOException e) {
            throw new BridgeFailure("The task's process could not be started with " + program + ": " + e.getMessage(), e);
        }
    }

    void close() {
        folder.remove();
    }
}

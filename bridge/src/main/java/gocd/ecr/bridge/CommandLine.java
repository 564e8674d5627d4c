package gocd.ecr.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * {@code java -jar gocd-ecr-task.jar check Repository=team/app}: the jar's own bundle as a command, for whoever has nothing
 * else at hand. No class of GoCD is needed, and none is there.
 */
public final class CommandLine {
    private static final int UNUSABLE = 2;
    private static final long VERSION_LIMIT_MS = 10_000;
    /** The bundle gives itself 9 s after a signal. */
    private static final long STOP_LIMIT_MS = 10_000;

    private final Map<String, String> environment;
    private final UnaryOperator<String> properties;
    private final String bundle;
    private final PrintStream err;
    private final PrivateFolder folder = new PrivateFolder();

    CommandLine(Map<String, String> environment, UnaryOperator<String> properties, String bundle, PrintStream err) {
        this.environment = environment;
        this.properties = properties;
        this.bundle = bundle;
        this.err = err;
    }

    /** Ends with the bundle's exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(System.getenv(), System::getProperty, "/plugin.cjs", System.err).run(List.of(arguments)));
    }

    int run(List<String> arguments) {
        Path script = null;
        try {
            NodeVersion versions = new NodeVersion(folder, ChildEnvironment.of(environment), VERSION_LIMIT_MS);
            Path node = new NodeLocator(properties, environment, versions).find();
            script = unpack();
            return wait(start(node, script, arguments));
        } catch (NodeMissing e) {
            e.lines().forEach(err::println);
            return UNUSABLE;
        } catch (BridgeFailure | IOException e) {
            err.println("gocd-ecr-task: " + e.getMessage());
            return UNUSABLE;
        } finally {
            remove(script);
        }
    }

    /** Nobody else gets at it there: the folder is 0700. */
    private Path unpack() throws BridgeFailure, IOException {
        Path script = folder.get().resolve("plugin.cjs");
        try (InputStream code = CommandLine.class.getResourceAsStream(bundle)) {
            if (code == null) {
                throw new BridgeFailure("there is no " + bundle + " in this jar");
            }
            Files.copy(code, script);
        }
        return script;
    }

    private Process start(Path node, Path script, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(node.toString(), script.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(ChildEnvironment.ofCommand(environment));
        return builder.start();
    }

    private int wait(Process process) {
        Thread hook = new Thread(() -> stop(process), "gocd-ecr-task stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop(process);
            return UNUSABLE;
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // Then it runs, and finds the process gone.
            }
        }
    }

    /** It tells the daemon to stop before it ends, if it is told to. */
    private void stop(Process process) {
        process.toHandle().destroy();
        try {
            if (!process.waitFor(STOP_LIMIT_MS, TimeUnit.MILLISECONDS)) {
                Leftovers.killTree(process);
            }
        } catch (InterruptedException e) {
            Leftovers.killTree(process);
        }
        process.onExit().join();
        remove(null);
    }

    private void remove(Path script) {
        try {
            Files.deleteIfExists(script == null ? folder.get().resolve("plugin.cjs") : script);
        } catch (IOException | BridgeFailure leftBehind) {
            // A copy of what is in the jar, in a folder that is ours alone.
        }
        folder.remove();
    }
}

package gocd.ecr.bridge.harness;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.HashMap;
import java.util.Map;

/**
 * An agent for tests: loads the jar as GoCD's does and obeys NDJSON commands on stdin, with NDJSON events on stdout.
 * Options: --jar FILE --work FOLDER --log FILE [--ring true].
 */
public final class AgentMain {
    private AgentMain() {
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        System.setOut(System.err); // whatever else prints must not mix with the events
        Map<String, String> options = options(arguments);
        Path work = Files.createDirectories(Paths.get(options.get("--work")));
        LoadedPlugin plugin = LoadedPlugin.load(Paths.get(options.get("--jar")), work,
            FileLogging.to(Paths.get(options.get("--log"))));
        Commands commands = new Commands(plugin, "true".equals(options.get("--ring")), event -> emit(out, event));
        emit(out, "{\"ready\":true,\"pid\":" + ProcessHandle.current().pid() + "}");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && commands.obey(line); line = in.readLine()) {
            // Each command answers for itself.
        }
        System.exit(0); // an agent does not stop its plugins either
    }

    private static synchronized void emit(PrintStream out, String event) {
        out.println(event);
        out.flush();
    }

    private static Map<String, String> options(String[] arguments) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        return options;
    }
}

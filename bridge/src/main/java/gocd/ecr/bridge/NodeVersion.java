package gocd.ecr.bridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a Node for its version, once for each state of its file. */
final class NodeVersion {
    private static final Pattern ANSWER = Pattern.compile("v([0-9]{1,4})\\.[0-9]+\\.[0-9]+\\S*");
    private final Map<String, String> known = new ConcurrentHashMap<>();
    private final PrivateFolder folder;
    private final Map<String, String> environment;
    private final long limitMs;

    NodeVersion(PrivateFolder folder, Map<String, String> environment, long limitMs) {
        this.folder = folder;
        this.environment = environment;
        this.limitMs = limitMs;
    }

    /** What the program answers ("v20.1.2"), or why it has not answered, in brackets. */
    String of(Path node) throws BridgeFailure {
        try {
            String key = node + " " + Files.getLastModifiedTime(node) + " " + Files.size(node);
            String answer = known.get(key);
            if (answer == null) {
                answer = ask(node);
                known.put(key, answer);
            }
            return answer;
        } catch (IOException e) {
            return "(cannot be run: " + e.getMessage() + ")";
        }
    }

    /** The major version in an answer, or -1. */
    static int major(String answer) {
        Matcher matcher = ANSWER.matcher(answer);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    private String ask(Path node) throws IOException, BridgeFailure {
        ProcessBuilder builder = new ProcessBuilder(node.toString(), "--version");
        builder.directory(folder.get().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limitMs, TimeUnit.MILLISECONDS)) {
                throw new IOException("no answer to --version within " + limitMs / 1000.0 + " s");
            }
            return judge(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Leftovers.killTree(process);
        }
    }

    private static String judge(Process process) throws IOException, BridgeFailure {
        if (ExitCause.signal(process.exitValue()) > 0) {
            // GoCD's cancel ends every descendant of the agent, this one too.
            throw ExitCause.failure(process.exitValue(), "while Node's version was asked for");
        }
        byte[] bytes = process.getInputStream().readNBytes(200);
        String answer = new String(bytes, StandardCharsets.UTF_8).strip();
        if (major(answer) < 0) {
            throw new IOException("its answer to --version is not a version of Node");
        }
        return answer;
    }
}
